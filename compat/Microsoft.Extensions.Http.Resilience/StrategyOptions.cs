using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;
using Polly.Timeout;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>How many calls may be under way at once.</summary>
public class HttpRateLimiterStrategyOptions : RateLimiterStrategyOptions;

/// <summary>How long something may take.</summary>
public class HttpTimeoutStrategyOptions : TimeoutStrategyOptions;

/// <summary>When calls are broken off for a while, because too many failed.</summary>
public class HttpCircuitBreakerStrategyOptions : CircuitBreakerStrategyOptions<HttpResponseMessage>
{
    /// <summary>Transient failures count.</summary>
    public HttpCircuitBreakerStrategyOptions() =>
        ShouldHandle = args =>
            ValueTask.FromResult(HttpClientResiliencePredicates.IsTransient(args.Outcome));
}

/// <summary>Which failed calls are sent again, how often and when.</summary>
public class HttpRetryStrategyOptions : RetryStrategyOptions<HttpResponseMessage>
{
    private bool _shouldRetryAfterHeader;

    /// <summary>Transient failures, three times, after 2, 4 and 8 seconds with jitter or as the server says.</summary>
    public HttpRetryStrategyOptions()
    {
        ShouldHandle = args =>
            ValueTask.FromResult(HttpClientResiliencePredicates.IsTransient(args.Outcome));
        BackoffType = DelayBackoffType.Exponential;
        UseJitter = true;
        ShouldRetryAfterHeader = true;
    }

    /// <summary>
    /// Whether a response's <c>Retry-After</c> (RFC 9110, section 10.2.3) says how long to wait; true unless set.
    /// Setting it sets the delay generator.
    /// </summary>
    public bool ShouldRetryAfterHeader
    {
        get => _shouldRetryAfterHeader;
        set
        {
            _shouldRetryAfterHeader = value;
            DelayGenerator = value
                ? args => ValueTask.FromResult(After(args.Outcome.Result))
                : null;
        }
    }

    private static TimeSpan? After(HttpResponseMessage? response)
    {
        var after = response?.Headers.RetryAfter;
        var wait = after?.Delta ?? (after?.Date - TimeProvider.System.GetUtcNow());
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }
}
