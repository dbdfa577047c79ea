using System.Diagnostics;
using System.Diagnostics.Metrics;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.Contracts.AiUsage.V1;

namespace ApiSvc.AiAdapter.Serving.Usage;

/// <summary>
/// Span and measurements of a call by OpenTelemetry's conventions for generative AI: models, counts and times, nothing of what was
/// asked or answered.
/// </summary>
internal sealed class CallTelemetry : IDisposable
{
    private const string Name = "ApiSvc.AiAdapter";

    private static readonly KeyValuePair<string, object?> InputTokens = new(
        "gen_ai.token.type",
        "input"
    );

    private static readonly KeyValuePair<string, object?> OutputTokens = new(
        "gen_ai.token.type",
        "output"
    );

    private readonly ActivitySource _source = new(Name);
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstChunk;
    private readonly Histogram<long> _tokens;

    public CallTelemetry(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        // Boundaries are those that the conventions ask for.
        double[] seconds =
        [
            0.01,
            0.02,
            0.04,
            0.08,
            0.16,
            0.32,
            0.64,
            1.28,
            2.56,
            5.12,
            10.24,
            20.48,
            40.96,
            81.92,
        ];
        _duration = _meter.CreateHistogram(
            "gen_ai.client.operation.duration",
            "s",
            "From the request that was read to the record of its answer.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = seconds }
        );
        _firstChunk = _meter.CreateHistogram(
            "gen_ai.client.operation.time_to_first_chunk",
            "s",
            "From the request that was read to the first of a streamed answer.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = seconds }
        );
        _tokens = _meter.CreateHistogram(
            "gen_ai.client.token.usage",
            "{token}",
            "Tokens of a prompt, and of an answer.",
            tags: null,
            new InstrumentAdvice<long>
            {
                HistogramBucketBoundaries = [.. Enumerable.Range(0, 14).Select(i => 1L << (2 * i))],
            }
        );
    }

    /// <summary>The span of a call, in which its tries are; null where nobody takes it.</summary>
    public Activity? Start(CallFacts facts) =>
        _source.StartActivity(OperationOf(facts), ActivityKind.Client);

    /// <summary>Says what became of a call.</summary>
    /// <param name="facts">All there is to say of it.</param>
    /// <param name="span">That of <see cref="Start"/>; it ends here.</param>
    public void Record(CallFacts facts, Activity? span)
    {
        Measure(facts);
        if (span is null)
        {
            return;
        }

        foreach (var (name, value) in TagsOf(facts))
        {
            span.SetTag(name, value);
        }

        Describe(span, facts);
        span.SetEndTime(span.StartTimeUtc + facts.Duration);
        span.Dispose();
    }

    public void Dispose()
    {
        _source.Dispose();
        _meter.Dispose();
    }

    private void Measure(CallFacts facts)
    {
        if (!_duration.Enabled && !_firstChunk.Enabled && !_tokens.Enabled)
        {
            return;
        }

        var tags = TagsOf(facts);
        _duration.Record(facts.Duration.TotalSeconds, tags);
        if (facts.Streamed && facts.FirstToken > TimeSpan.Zero)
        {
            _firstChunk.Record(facts.FirstToken.TotalSeconds, tags);
        }

        if (facts.Usage.Total > 0)
        {
            _tokens.Record(facts.Usage.Input, [.. tags, InputTokens]);
            _tokens.Record(facts.Usage.Output, [.. tags, OutputTokens]);
        }
    }

    // What a client may call a model is without bound, so a model is named by its deployment, never by the request.
    private static TagList TagsOf(CallFacts facts)
    {
        var tags = new TagList { { "gen_ai.operation.name", OperationOf(facts) } };
        if (facts.Deployment is { } deployment)
        {
            tags.Add("gen_ai.provider.name", ProviderOf(deployment));
            tags.Add("gen_ai.request.model", deployment.Model);
        }

        if (facts.Outcome != AiOutcome.Completed)
        {
            tags.Add("error.type", ErrorOf(facts));
        }

        return tags;
    }

    private static void Describe(Activity span, CallFacts facts)
    {
        if (facts.Deployment is { } deployment)
        {
            span.DisplayName = $"{OperationOf(facts)} {deployment.Model}";
        }

        span.SetTag("apisvc.ai.virtual_model", facts.Model);
        span.SetTag("apisvc.ai.attempts", facts.Attempts);
        if (facts.Finish is { } finish)
        {
            span.SetTag("gen_ai.response.finish_reasons", new[] { Snake.Of(finish.ToString()) });
        }

        if (facts.Usage.Total > 0)
        {
            span.SetTag("gen_ai.usage.input_tokens", facts.Usage.Input);
            span.SetTag("gen_ai.usage.output_tokens", facts.Usage.Output);
            span.SetTag("gen_ai.usage.cache_read.input_tokens", facts.Usage.CachedInput);
            span.SetTag("gen_ai.usage.cache_creation.input_tokens", facts.Usage.CacheWrites);
        }

        if (facts.Outcome is not (AiOutcome.Completed or AiOutcome.Aborted))
        {
            span.SetStatus(ActivityStatusCode.Error, ErrorOf(facts));
        }
    }

    private static string OperationOf(CallFacts facts) =>
        facts.Format == "embeddings" ? "embeddings" : "chat";

    private static string ErrorOf(CallFacts facts) =>
        facts switch
        {
            { Outcome: AiOutcome.Aborted } => "aborted",
            { Failure.Length: > 0 } => facts.Failure,
            _ => "_OTHER",
        };

    // The conventions' words for those they know; others by the name they have here.
    private static string ProviderOf(Deployment deployment) =>
        deployment.Provider.Name switch
        {
            "openai-responses" => "openai",
            "google" => "gcp.gemini",
            "vertex" => "gcp.vertex_ai",
            "azure-openai" or "azure-openai-responses" => "azure.ai.openai",
            "bedrock" or "bedrock-key" or "bedrock-openai" => "aws.bedrock",
            "xai" => "x_ai",
            "mistral" => "mistral_ai",
            "moonshotai" or "moonshotai-cn" => "moonshot_ai",
            var name => name,
        };
}
