namespace ApiSvc.Gateway.Exchanges;

/// <summary>Where a call stands with a limit or quota.</summary>
/// <param name="Name">The limit's name in the RateLimit fields.</param>
/// <param name="Limit">Units per window.</param>
/// <param name="Window">Length of the window, whole seconds.</param>
/// <param name="Remaining">Units left.</param>
/// <param name="Reset">Whole seconds until there are more.</param>
internal readonly record struct RateStatus(
    string Name,
    ulong Limit,
    long Window,
    ulong Remaining,
    long Reset
)
{
    /// <summary>Whether this one leaves a smaller part than the other, so that it is the one to tell of.</summary>
    public bool IsStricterThan(RateStatus other) =>
        other.Limit == 0
        || (Limit != 0 && (UInt128)Remaining * other.Limit < (UInt128)other.Remaining * Limit);
}
