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

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) =>
        ProblemWriter.WriteAsync(httpContext, this);
}
