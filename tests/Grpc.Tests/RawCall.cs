using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Wire;

namespace ApiSvc.GrpcTests;

/// <summary>Calls of the probe as plain HTTP requests, right or wrong ones.</summary>
internal static class RawCall
{
    public static byte[] Frame(IMessage message, byte flag = 0)
    {
        var payload = message.ToByteArray();
        var frame = new byte[MessageFrame.HeaderSize + payload.Length];
        MessageFrame.WriteHeader(frame, compressed: false, payload.Length);
        frame[0] = flag;
        payload.CopyTo(frame, MessageFrame.HeaderSize);
        return frame;
    }

    public static HttpRequestMessage Request(
        Uri address,
        IMessage message,
        string method = "Unary"
    ) => Request(address, Frame(message), method);

    public static HttpRequestMessage Request(
        Uri address,
        byte[] body,
        string method = "Unary",
        string? contentType = "application/grpc"
    )
    {
        var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(address, $"/apisvc.tests.v1.Probe/{method}")
        )
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        if (contentType is not null)
        {
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }

        request.Headers.TE.ParseAdd("trailers");
        return request;
    }

    public static StatusCode? Status(HttpResponseMessage response) =>
        GrpcHeaders.ParseStatus(Header(response, GrpcHeaders.Status));

    public static string? Header(HttpResponseMessage response, string name) =>
        response.TrailingHeaders.TryGetValues(name, out var values)
        || response.Headers.TryGetValues(name, out values)
            ? string.Join(',', values)
            : null;
}
