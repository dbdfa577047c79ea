namespace Polly.RateLimiting;

/// <summary>Refused, because too much is under way.</summary>
public sealed class RateLimiterRejectedException : ExecutionRejectedException
{
    /// <summary>Refused, with a general message.</summary>
    public RateLimiterRejectedException()
        : base("The operation could not be executed because it was rejected by the rate limiter.")
    { }

    /// <summary>Refused, with a message.</summary>
    public RateLimiterRejectedException(string message)
        : base(message) { }

    /// <summary>Refused, with a message and a cause.</summary>
    public RateLimiterRejectedException(string message, Exception inner)
        : base(message, inner) { }
}
