using ApiSvc.Gateway.Problems;
using Microsoft.AspNetCore.Http.Features;

namespace ApiSvc.Gateway.Serving;

/// <summary>A problem as gRPC clients read it: a status in an answer of headers alone.</summary>
internal static class GrpcAnswer
{
    public static void Write(IHttpResponseFeature response, Problem problem)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.Headers.ContentType = "application/grpc";
        response.Headers["grpc-status"] = Code(problem.Status);
        response.Headers["grpc-message"] = problem.Detail;
    }

    // Numbers of google.rpc.Code.
    private static string Code(int status) =>
        status switch
        {
            400 => "3",
            401 => "16",
            403 => "7",
            404 or 405 => "12",
            413 or 429 => "8",
            504 => "4",
            502 or 503 => "14",
            _ => "13",
        };
}
