using System.Threading.RateLimiting;
using Polly;
using Polly.RateLimiting;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Lets so many calls through at once and refuses the rest.</summary>
internal sealed class RateLimiterStrategy(RateLimiterStrategyOptions options)
    : ResilienceStrategy<HttpResponseMessage>,
        IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(options.DefaultRateLimiterOptions);

    public void Dispose() => _limiter.Dispose();

    protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
        ResilienceContext context,
        TState state
    )
    {
        using var lease = await _limiter.AcquireAsync(
            permitCount: 1,
            cancellationToken: context.CancellationToken
        );
        return lease.IsAcquired
            ? await callback(context, state)
            : Outcome.FromException<HttpResponseMessage>(new RateLimiterRejectedException());
    }
}
