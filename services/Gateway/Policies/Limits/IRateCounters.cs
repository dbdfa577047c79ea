using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Policies.Quotas;

namespace ApiSvc.Gateway.Policies.Limits;

/// <summary>The node's counters. Never fails: what cannot be counted is let through.</summary>
internal interface IRateCounters
{
    RateDecision Take(LimitRule rule, UInt128 key, DateTimeOffset now);

    RateDecision Take(QuotaRule rule, UInt128 key, DateTimeOffset now);
}

/// <param name="IsAllowed">Whether the call was counted; else it is refused.</param>
/// <param name="Status">Where it stands now.</param>
/// <param name="RetryAfter">Whole seconds after which a refused call would be counted; 0 if it was.</param>
internal readonly record struct RateDecision(bool IsAllowed, RateStatus Status, long RetryAfter);
