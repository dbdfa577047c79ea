using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>
/// An expected failure, as a value: what a handler returns instead of a result. It is written as a problem
/// document (RFC 9457) by REST endpoints and as a status with details by gRPC methods, at one edge each.
/// </summary>
public sealed record ApiProblem : IResult
{
    /// <summary>HTTP status, 400 to 599.</summary>
    public required int Status { get; init; }

    /// <summary>The last part of the problem's <c>type</c>, such as <c>precondition-failed</c>. Stable; programs test it.</summary>
    public required string Code { get; init; }

    /// <summary>What went wrong here and what would be right. Never internals.</summary>
    public required string Detail { get; init; }

    /// <summary>All violations at once; empty where the request itself is well formed.</summary>
    public IReadOnlyList<Violation> Errors { get; init; } = [];

    /// <summary>Seconds after which a repeat makes sense; written as <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The gRPC status, where a contract says another than follows from <see cref="Status"/>.</summary>
    public Grpc.Core.StatusCode? GrpcCode { get; init; }

    /// <summary>400: the request's form is wrong.</summary>
    public static ApiProblem Invalid(params IReadOnlyList<Violation> errors) =>
        new()
        {
            Status = 400,
            Code = "invalid-request",
            Detail = "The request has violations.",
            Errors = errors,
        };

    /// <summary>404: there is no such object, or none that the caller may know of. The words are the same for both.</summary>
    public static ApiProblem NotFound { get; } =
        new()
        {
            Status = 404,
            Code = "not-found",
            Detail = "There is no such object, or you may not see it.",
        };

    /// <summary>409: the request is right, but not in the state things are in.</summary>
    /// <param name="code">What stands against it, for programs: <c>name-taken</c>.</param>
    /// <param name="detail">The same for people.</param>
    public static ApiProblem Conflict(string code, string detail) =>
        new()
        {
            Status = 409,
            Code = code,
            Detail = detail,
        };

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) =>
        ProblemWriter.WriteAsync(httpContext, this);
}
