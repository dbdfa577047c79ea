using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.Identity.Changes;

/// <summary>What came of an operation: a result, or the problem that stood against it.</summary>
internal readonly record struct Outcome<T>(T? Value, ApiProblem? Problem)
    where T : class
{
    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(ApiProblem problem) => new(null, problem);

    /// <summary>The result; the problem is thrown, for the edge of gRPC.</summary>
    public T OrThrow() => Problem is { } problem ? throw new ApiProblemException(problem) : Value!;
}
