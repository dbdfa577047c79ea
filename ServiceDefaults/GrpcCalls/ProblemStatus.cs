using System.Diagnostics;
using ApiSvc.ServiceDefaults.Problems;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ApiSvc.ServiceDefaults.GrpcCalls;

/// <summary>
/// The gRPC form of a problem: a status with the details of google.rpc (AIP-193): <c>ErrorInfo</c> always, <c>BadRequest</c>
/// with all violations, <c>RetryInfo</c> where repeating makes sense.
/// </summary>
internal static class ProblemStatus
{
    private const string Domain = "apisvc";

    // By its number: the package's older versions call the field "type", the newer ones "reason".
    private static readonly FieldDescriptor Reason = ErrorInfo.Descriptor.FindFieldByNumber(1);

    public static Google.Rpc.Status Of(ApiProblem problem)
    {
        var status = new Google.Rpc.Status
        {
            Code = (int)(problem.GrpcCode ?? CodeOf(problem.Status)),
            Message = problem.Detail,
        };
        var info = new ErrorInfo { Domain = Domain };
        // AIP-193: a reason is in UPPER_SNAKE_CASE.
        Reason.Accessor.SetValue(info, problem.Code.Replace('-', '_').ToUpperInvariant());
        if (Activity.Current is { } activity)
        {
            info.Metadata["trace_id"] = activity.TraceId.ToHexString();
        }

        status.Details.Add(Any.Pack(info));
        if (problem.Errors.Count > 0)
        {
            status.Details.Add(Any.Pack(Violations(problem)));
        }

        if (problem.RetryAfter is { } seconds)
        {
            var retry = new RetryInfo
            {
                RetryDelay = Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds)),
            };
            status.Details.Add(Any.Pack(retry));
        }

        return status;
    }

    public static StatusCode CodeOf(int httpStatus) =>
        httpStatus switch
        {
            400 or 413 or 415 or 422 => StatusCode.InvalidArgument,
            401 => StatusCode.Unauthenticated,
            403 => StatusCode.PermissionDenied,
            404 or 410 => StatusCode.NotFound,
            409 => StatusCode.Aborted,
            429 => StatusCode.ResourceExhausted,
            499 => StatusCode.Cancelled,
            501 => StatusCode.Unimplemented,
            502 or 503 => StatusCode.Unavailable,
            408 or 504 => StatusCode.DeadlineExceeded,
            >= 400 and < 500 => StatusCode.FailedPrecondition,
            _ => StatusCode.Internal,
        };

    private static BadRequest Violations(ApiProblem problem)
    {
        var details = new BadRequest();
        details.FieldViolations.AddRange(
            problem.Errors.Select(e => new BadRequest.Types.FieldViolation
            {
                Field = e.Location,
                Description = $"{e.Code}: {e.Detail}",
            })
        );
        return details;
    }
}
