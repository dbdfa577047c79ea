using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Which of a client's pipelines a request goes through; one for all unless set.</summary>
internal sealed class PipelineKeyOptions
{
    public Func<HttpRequestMessage, string> Selector { get; set; } = _ => "";
}

/// <summary>
/// The pipelines of one name. They outlive the handlers, which the factory replaces every few minutes: a breaker must
/// remember longer.
/// </summary>
internal sealed class StandardPipelines : IDisposable
{
    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> byKey =
        new(StringComparer.Ordinal);
    private readonly string name;
    private readonly IOptionsMonitor<HttpStandardResilienceOptions> options;
    private readonly Func<HttpRequestMessage, string> selector;
    private readonly IDisposable? subscription;

    public StandardPipelines(
        string name,
        IOptionsMonitor<HttpStandardResilienceOptions> options,
        IOptionsMonitor<PipelineKeyOptions> key
    )
    {
        this.name = name;
        this.options = options;
        selector = key.Get(name).Selector;
        subscription = options.OnChange(
            (_, changed) =>
            {
                if (changed == name)
                {
                    byKey.Clear();
                }
            }
        );
    }

    public ResiliencePipeline<HttpResponseMessage> For(HttpRequestMessage request) =>
        byKey.GetOrAdd(selector(request), _ => Build(options.Get(name)));

    public void Dispose() => subscription?.Dispose();

    private static ResiliencePipeline<HttpResponseMessage> Build(
        HttpStandardResilienceOptions options
    ) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddStrategy(_ => new RateLimiterStrategy(options.RateLimiter), options.RateLimiter)
            .AddTimeout(options.TotalRequestTimeout)
            .AddRetry(options.Retry)
            .AddCircuitBreaker(options.CircuitBreaker)
            .AddTimeout(options.AttemptTimeout)
            .Build();
}
