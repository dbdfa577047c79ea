using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Limits;
using ApiSvc.Gateway.Policies.Quotas;

namespace ApiSvc.Gateway.Policies.Limits;

/// <summary>Counts on this node alone.</summary>
internal sealed class RateCounters(TimeProvider time) : IRateCounters
{
    private readonly GcraLimiter _limits = new(time);
    private readonly QuotaCounter _quotas = new();

    public RateDecision Take(LimitRule rule, UInt128 key, DateTimeOffset now) =>
        Tell(
            _limits.Take(new(key), rule.Gcra, _limits.Now),
            rule.Name,
            rule.Rate,
            Math.Max(1, (long)rule.Period.TotalSeconds)
        );

    public RateDecision Take(QuotaRule rule, UInt128 key, DateTimeOffset now) =>
        Tell(
            _quotas.Take(new(key), rule.AsCounted, now),
            rule.Name,
            rule.Count,
            rule.WindowSeconds(now)
        );

    private static RateDecision Tell(
        LimitDecision decision,
        string name,
        ulong limit,
        long window
    ) =>
        new(
            decision.IsAllowed,
            new RateStatus(
                name,
                limit,
                window,
                (ulong)Math.Max(0, decision.Remaining),
                decision.ResetSeconds
            ),
            decision.IsAllowed ? 0 : Math.Max(1, decision.RetryAfterSeconds)
        );
}
