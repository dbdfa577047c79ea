using ApiSvc.Interop.Wire;

namespace ApiSvc.Interop.Cases;

/// <summary>Something that two implementations must agree on. The clients have its body, by its name.</summary>
internal sealed record InteropCase(string Name)
{
    /// <summary>Why that client and that server cannot show it; null where they can.</summary>
    public Func<Route, string?> NotBetween { get; init; } = _ => null;

    /// <summary>Which frames pass on the way; null passes all.</summary>
    public Func<Direction, Http2Frame, bool>? Passes { get; init; }

    /// <summary>What must have been seen on the wire; null if that does not matter.</summary>
    public Action<WireLog>? OnTheWire { get; init; }

    /// <summary>Whose end the case watches.</summary>
    public Ending Ending { get; init; }

    /// <summary>Puts a relay between the two.</summary>
    public bool IsRelayed => Passes is not null || OnTheWire is not null || Ending == Ending.Cut;
}

/// <summary>What happens to a peer in the middle of a call.</summary>
internal enum Ending
{
    None,
    ClientKilled,
    ServerKilled,
    Cut,
}
