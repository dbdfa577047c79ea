namespace Grpc.Core;

/// <summary>What flows from a server call to the calls that it makes; always null here, as in the managed packages.</summary>
public abstract class ContextPropagationToken
{
    private protected ContextPropagationToken() { }
}

/// <summary>Which parts of a server call's context flow on.</summary>
public class ContextPropagationOptions(
    bool propagateDeadline = true,
    bool propagateCancellation = true
)
{
    public static readonly ContextPropagationOptions Default = new();

    public bool IsPropagateDeadline { get; } = propagateDeadline;

    public bool IsPropagateCancellation { get; } = propagateCancellation;
}
