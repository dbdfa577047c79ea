using Grpc.Core;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>Metadata from and to HTTP headers.</summary>
internal static class CallHeaders
{
    /// <summary>What the caller sent, without what the protocol itself needs.</summary>
    /// <exception cref="RpcException">A binary header is not base64.</exception>
    public static Metadata Read(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers)
        {
            if (IsProtocol(name))
            {
                continue;
            }

            foreach (var value in values)
            {
                try
                {
                    MetadataCoding.Add(metadata, name, value ?? "");
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

    public static void Append(IHeaderDictionary headers, Metadata.Entry entry) =>
        headers[entry.Key] = StringValues.Concat(headers[entry.Key], MetadataCoding.Encode(entry));

    private static bool IsProtocol(string name) =>
        name.StartsWith(':')
        || name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.ContentType, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.TE, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.AcceptEncoding, StringComparison.OrdinalIgnoreCase)
        || name.Equals(GrpcHeaders.Encoding, StringComparison.OrdinalIgnoreCase)
        || name.Equals(GrpcHeaders.AcceptEncoding, StringComparison.OrdinalIgnoreCase)
        || name.Equals(GrpcHeaders.Timeout, StringComparison.OrdinalIgnoreCase);
}
