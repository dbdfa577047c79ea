using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.ServiceDefaults.Problems;

/// <summary>What came of an operation: a result, or the problem that stood against it. REST and gRPC write it at their edges.</summary>
[StructLayout(LayoutKind.Auto)]
[SuppressMessage(
    "Usage",
    "CA2225:Operator overloads have named alternates",
    Justification = "It is returned as what it is made of."
)]
public readonly struct Outcome<T>
    where T : notnull
{
    private Outcome(T? value, ApiProblem? problem)
    {
        Value = value;
        Problem = problem;
    }

    /// <summary>The result; null with a problem.</summary>
    public T? Value { get; }

    /// <summary>Why there is no result; null with one.</summary>
    public ApiProblem? Problem { get; }

    /// <summary>Whether there is a result.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsRight => Problem is null;

    /// <summary>A result.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, null);

    /// <summary>A problem.</summary>
    public static implicit operator Outcome<T>(ApiProblem problem) => new(default, problem);

    /// <summary>For REST.</summary>
    public Results<TResult, ApiProblem> To<TResult>(Func<T, TResult> result)
        where TResult : IResult
    {
        ArgumentNullException.ThrowIfNull(result);
        return IsRight ? result(Value) : Problem;
    }

    /// <summary>For gRPC, where a problem can only be thrown.</summary>
    /// <exception cref="ApiProblemException">The problem.</exception>
    public T OrThrow() => IsRight ? Value : throw new ApiProblemException(Problem);
}
