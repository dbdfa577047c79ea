using System.Threading.RateLimiting;

namespace Polly.RateLimiting;

/// <summary>How much may be under way at once.</summary>
public class RateLimiterStrategyOptions : ResilienceStrategyOptions
{
    /// <summary>How many at once, and how many wait: 1000 and none unless set.</summary>
    public ConcurrencyLimiterOptions DefaultRateLimiterOptions { get; set; } =
        new() { PermitLimit = 1000, QueueLimit = 0 };
}
