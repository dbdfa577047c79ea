namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The five strategies of the standard handler, from the outermost to the innermost.</summary>
public class HttpStandardResilienceOptions
{
    /// <summary>How many calls may be under way at once: 1000 unless set; more are refused.</summary>
    public HttpRateLimiterStrategyOptions RateLimiter { get; set; } =
        new() { Name = "Standard-RateLimiter" };

    /// <summary>How long a call may take with all its retries: 30 seconds unless set.</summary>
    public HttpTimeoutStrategyOptions TotalRequestTimeout { get; set; } =
        new() { Name = "Standard-TotalRequestTimeout" };

    /// <summary>Which calls are sent again.</summary>
    public HttpRetryStrategyOptions Retry { get; set; } = new() { Name = "Standard-Retry" };

    /// <summary>When calls are broken off.</summary>
    public HttpCircuitBreakerStrategyOptions CircuitBreaker { get; set; } =
        new() { Name = "Standard-CircuitBreaker" };

    /// <summary>How long one sending may take: 10 seconds unless set.</summary>
    public HttpTimeoutStrategyOptions AttemptTimeout { get; set; } =
        new() { Name = "Standard-AttemptTimeout", Timeout = TimeSpan.FromSeconds(10) };
}
