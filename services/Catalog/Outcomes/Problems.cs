using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;

namespace ApiSvc.Catalog.Outcomes;

/// <summary>Compares what a client last saw with an object's version.</summary>
/// <returns>Null, or the problem.</returns>
internal delegate ApiProblem? Precondition(long version);

/// <summary>Failures that several parts of the catalog have.</summary>
internal static class Problems
{
    /// <summary>409, and FAILED_PRECONDITION as the contracts say: not in the state that things are in.</summary>
    public static ApiProblem NotNow(
        string code,
        string detail,
        params IReadOnlyList<Violation> errors
    ) =>
        ApiProblem.Conflict(code, detail) with
        {
            Errors = errors,
            GrpcCode = StatusCode.FailedPrecondition,
        };

    /// <summary>409, and ALREADY_EXISTS.</summary>
    public static ApiProblem Taken(string code, string detail) =>
        ApiProblem.Conflict(code, detail) with
        {
            GrpcCode = StatusCode.AlreadyExists,
        };

    public static ApiProblem Forbidden(string detail) =>
        new()
        {
            Status = 403,
            Code = "forbidden",
            Detail = detail,
        };

    /// <summary>The field <c>etag</c> of a message.</summary>
    public static Precondition Etag(string etag, string field) =>
        version =>
        {
            if (etag.Length == 0)
            {
                return ApiProblem.Invalid(
                    new Violation(field, "required", "Give the etag of the object as you read it.")
                );
            }

            var current = EntityTag.From(version);
            return etag == current.ToString()
                ? null
                : IfMatch.Stale(current) with
                {
                    GrpcCode = StatusCode.Aborted,
                };
        };
}
