using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;

namespace ApiSvc.Analytics.Alerts;

/// <summary>Failures that several parts of alerts have.</summary>
internal static class AlertProblems
{
    /// <summary>409, and ALREADY_EXISTS.</summary>
    public static ApiProblem NameTaken(string what, string name) =>
        ApiProblem.Conflict("name-taken", $"The team has a {what} '{name}' already.") with
        {
            GrpcCode = StatusCode.AlreadyExists,
        };

    /// <summary>409, and FAILED_PRECONDITION as the contract says.</summary>
    public static ApiProblem NotNow(string code, string detail) =>
        ApiProblem.Conflict(code, detail) with
        {
            GrpcCode = StatusCode.FailedPrecondition,
        };
}
