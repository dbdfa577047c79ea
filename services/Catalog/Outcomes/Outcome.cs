using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Catalog.Outcomes;

/// <summary>A result, or why there is none. REST and gRPC each write it at their edge.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct Outcome<T>
    where T : notnull
{
    private Outcome(T? value, ApiProblem? problem)
    {
        Value = value;
        Problem = problem;
    }

    public T? Value { get; }

    public ApiProblem? Problem { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsRight => Problem is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(ApiProblem problem) => new(default, problem);

    /// <summary>For REST.</summary>
    public Results<TResult, ApiProblem> To<TResult>(Func<T, TResult> result)
        where TResult : IResult => IsRight ? result(Value) : Problem;

    /// <summary>For gRPC, where a failure can only be thrown.</summary>
    public T OrThrow() => IsRight ? Value : throw new ApiProblemException(Problem);
}
