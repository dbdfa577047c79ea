using Grpc.Core;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Refusals;

/// <summary>Answers to requests that are no gRPC calls, or of methods that are not there.</summary>
internal static class Refusal
{
    /// <summary>Answers a request that is no gRPC call: true.</summary>
    public static bool Refuse(HttpContext http)
    {
        if (
            !HttpProtocol.IsHttp2(http.Request.Protocol)
            && !HttpProtocol.IsHttp3(http.Request.Protocol)
        )
        {
            http.Response.Headers.Upgrade = HttpProtocol.Http2;
            Answer(
                http,
                StatusCodes.Status426UpgradeRequired,
                StatusCode.Internal,
                $"Request protocol '{http.Request.Protocol}' is not supported."
            );
            return true;
        }

        if (GrpcHeaders.IsGrpc(http.Request.ContentType))
        {
            return false;
        }

        Answer(
            http,
            StatusCodes.Status415UnsupportedMediaType,
            StatusCode.Internal,
            string.IsNullOrEmpty(http.Request.ContentType)
                ? "Content-Type is missing from the request."
                : $"Content-Type '{http.Request.ContentType}' is not supported."
        );
        return true;
    }

    public static void Answer(HttpContext http, int httpStatus, StatusCode status, string detail)
    {
        http.Response.StatusCode = httpStatus;
        http.Response.Headers[GrpcHeaders.Status] = GrpcHeaders.Text(status);
        http.Response.Headers[GrpcHeaders.Message] = PercentCoding.Encode(detail);
    }
}
