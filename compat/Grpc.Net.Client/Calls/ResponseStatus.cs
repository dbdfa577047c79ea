using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>Reads how a call went from its response.</summary>
internal static class ResponseStatus
{
    /// <summary>The outcome, if the headers say it already: no gRPC, or an answer of headers alone. Else null.</summary>
    public static CallOutcome? OfHeaders(HttpResponseMessage response)
    {
        var status = Header(response.Headers, GrpcHeaders.Status);
        var contentType = response.Content.Headers.ContentType?.ToString();
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return Local(
                OfHttp(response.StatusCode),
                $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}"
            );
        }

        if (contentType is null || !GrpcHeaders.IsGrpc(contentType))
        {
            return Local(
                StatusCode.Cancelled,
                contentType is null
                    ? "Bad gRPC response. Response did not have a content-type header."
                    : $"Bad gRPC response. Invalid content-type value: {contentType}"
            );
        }

        return status is null ? null : Read(response.Headers, status);
    }

    /// <summary>The outcome, when the body was read to its end.</summary>
    public static CallOutcome OfTrailers(HttpResponseMessage response) =>
        Header(response.TrailingHeaders, GrpcHeaders.Status) is { } status
            ? Read(response.TrailingHeaders, status)
            : Local(StatusCode.Cancelled, "No grpc-status found on response.");

    public static string? Header(HttpHeaders headers, string name) =>
        headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    /// <summary>All but what the protocol itself says.</summary>
    public static Metadata ReadMetadata(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            if (IsProtocol(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                try
                {
                    MetadataCoding.Add(metadata, name, value);
                }
                catch (FormatException e)
                {
                    throw new RpcException(
                        new Status(
                            StatusCode.Internal,
                            $"The value of header '{name}' is not base64.",
                            e
                        )
                    );
                }
            }
        }

        return metadata;
    }

    private static CallOutcome Read(HttpHeaders headers, string status) =>
        GrpcHeaders.ParseStatus(status) is { } code
            ? new CallOutcome(
                new Status(code, PercentCoding.Decode(Header(headers, GrpcHeaders.Message) ?? "")),
                ReadMetadata(headers),
                FromPeer: true
            )
            : Local(StatusCode.Unknown, $"Unexpected grpc-status value: {status}");

    private static CallOutcome Local(StatusCode code, string detail) =>
        new(new Status(code, detail), Metadata.Empty, FromPeer: false);

    /// <summary>By gRPC's table for responses of proxies and other servers.</summary>
    private static StatusCode OfHttp(HttpStatusCode status) =>
        status switch
        {
            HttpStatusCode.BadRequest => StatusCode.Internal,
            HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
            HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
            HttpStatusCode.NotFound => StatusCode.Unimplemented,
            HttpStatusCode.TooManyRequests
            or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable
            or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
            _ => StatusCode.Unknown,
        };

    private static bool IsProtocol(string name) =>
        name.Equals(GrpcHeaders.Status, StringComparison.OrdinalIgnoreCase)
        || name.Equals(GrpcHeaders.Message, StringComparison.OrdinalIgnoreCase)
        || name.Equals(GrpcHeaders.Encoding, StringComparison.OrdinalIgnoreCase)
        || name.Equals(GrpcHeaders.AcceptEncoding, StringComparison.OrdinalIgnoreCase);
}
