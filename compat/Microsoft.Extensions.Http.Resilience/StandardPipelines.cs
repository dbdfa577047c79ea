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
    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpResponseMessage>> _byKey =
        new(StringComparer.Ordinal);
    private readonly string _name;
    private readonly IOptionsMonitor<HttpStandardResilienceOptions> _options;
    private readonly Func<HttpRequestMessage, string> _selector;
    private readonly IDisposable? _subscription;

    public StandardPipelines(
        string name,
        IOptionsMonitor<HttpStandardResilienceOptions> options,
        IOptionsMonitor<PipelineKeyOptions> key
    )
    {
        _name = name;
        _options = options;
        _selector = key.Get(name).Selector;
        _subscription = options.OnChange(
            (_, changed) =>
            {
                if (changed == name)
                {
                    _byKey.Clear();
                }
            }
        );
    }

    public ResiliencePipeline<HttpResponseMessage> For(HttpRequestMessage request) =>
        _byKey.GetOrAdd(_selector(request), _ => Build(_options.Get(_name)));

    public void Dispose() => _subscription?.Dispose();

    private static ResiliencePipeline<HttpResponseMessage> Build(
        HttpStandardResilienceOptions _options
    ) =>
        new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddStrategy(_ => new RateLimiterStrategy(_options.RateLimiter), _options.RateLimiter)
            .AddTimeout(_options.TotalRequestTimeout)
            .AddRetry(_options.Retry)
            .AddCircuitBreaker(_options.CircuitBreaker)
            .AddTimeout(_options.AttemptTimeout)
            .Build();
}
