using System.Runtime.InteropServices;

namespace ApiSvc.Gateway.Limits;

/// <summary>What a limit or quota says of a request; the numbers for <c>RateLimit</c> and <c>Retry-After</c>.</summary>
/// <param name="IsAllowed">Whether it was counted and may pass.</param>
/// <param name="Limit">Requests that pass at once (limits) or in the window (quotas).</param>
/// <param name="Remaining">Requests that would pass now, after this one.</param>
/// <param name="Reset">Time until all of <paramref name="Limit"/> is there again.</param>
/// <param name="RetryAfter">Time until a request like this one may pass; zero where it did.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LimitDecision(
    bool IsAllowed,
    long Limit,
    long Remaining,
    TimeSpan Reset,
    TimeSpan RetryAfter
)
{
    /// <summary>Whole seconds for <c>Retry-After</c> (RFC 9110 section 10.2.3), never too few.</summary>
    public long RetryAfterSeconds => Seconds(RetryAfter);

    /// <summary>Whole seconds for the <c>t</c> of <c>RateLimit</c>, never too few.</summary>
    public long ResetSeconds => Seconds(Reset);

    /// <summary>Of several that apply, this is the one to tell the client of.</summary>
    public bool IsStricterThan(LimitDecision other) =>
        IsAllowed != other.IsAllowed ? !IsAllowed
        : IsAllowed ? Remaining < other.Remaining
        : RetryAfter > other.RetryAfter;

    private static long Seconds(TimeSpan time) =>
        (time.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
}
