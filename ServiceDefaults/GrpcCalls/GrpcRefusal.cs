using System.Globalization;
using System.Text;
using ApiSvc.ServiceDefaults.Problems;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.GrpcCalls;

/// <summary>Answers a gRPC call before it reaches the gRPC server: headers only ("Trailers-Only" of the protocol).</summary>
internal static class GrpcRefusal
{
    public static Task WriteAsync(HttpContext context, ApiProblem problem)
    {
        var status = ProblemStatus.Of(problem);
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/grpc";
        response.Headers["grpc-status"] = status.Code.ToString(CultureInfo.InvariantCulture);
        response.Headers["grpc-message"] = Encode(status.Message);
        // Binary headers are base 64, the padding is optional.
        response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray());
        return response.CompleteAsync();
    }

    // Percent-encoding of all but printable ASCII, and of '%' itself.
    private static string Encode(string message)
    {
        var text = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(message))
        {
            if (b is >= 0x20 and <= 0x7e and not (byte)'%')
            {
                text.Append((char)b);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
            }
        }

        return text.ToString();
    }
}
