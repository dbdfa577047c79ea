using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;

namespace ApiSvc.AiAdapter.Tests.Serving;

/// <summary>What a call tells of itself, by OpenTelemetry's conventions for generative AI.</summary>
public sealed class TelemetryTests(ServingHost host) : IClassFixture<ServingHost>
{
    private const string Source = "ApiSvc.AiAdapter";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Call_Answered_HasASpanWithModelAndCounts(bool stream)
    {
        using var spans = new Spans();
        var model = host.Put("gemini error:500", "ollama plain");

        await host.CallAsync("messages", CallBodies.Of("messages", model, stream));

        var span = spans.Of(model);
        span.DisplayName.ShouldBe("chat plain");
        span.Kind.ShouldBe(ActivityKind.Client);
        span.Status.ShouldBe(ActivityStatusCode.Unset);
        var tags = span.TagObjects.ToDictionary();
        tags["gen_ai.operation.name"].ShouldBe("chat");
        tags["gen_ai.provider.name"].ShouldBe("ollama");
        tags["gen_ai.request.model"].ShouldBe("plain");
        tags["gen_ai.usage.input_tokens"].ShouldBe(9L);
        tags["gen_ai.usage.output_tokens"].ShouldBe(4L);
        tags["gen_ai.response.finish_reasons"].ShouldBe(new[] { "end" });
        tags["apisvc.ai.attempts"].ShouldBe(2);
        tags.ShouldNotContainKey("error.type");
        string.Join(' ', tags.Values).ShouldNotContain("Hello", Case.Sensitive);
    }

    [Fact]
    public async Task Call_Failed_SpanSaysWhy()
    {
        using var spans = new Spans();
        var model = host.Put("gemini error:500");

        await host.CallAsync("responses", CallBodies.Of("responses", model, stream: false));

        var span = spans.Of(model);
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.GetTagItem("error.type").ShouldBe("server_error");
    }

    [Fact]
    public async Task Call_Answered_IsMeasured()
    {
        using var measured = new Measurements();
        // A number that no other test takes: whoever listens hears all of them.
        const string name = "plain+tag:700100";
        var model = host.Put($"openai-chat {name}");

        await host.CallAsync("messages", CallBodies.Of("messages", model, stream: false));

        var all = measured.Of(name);
        all.Keys.ShouldBe(
            [
                "gen_ai.client.operation.duration",
                "gen_ai.client.token.usage input",
                "gen_ai.client.token.usage output",
            ],
            ignoreOrder: true
        );
        all["gen_ai.client.token.usage input"].ShouldBe(9);
        all["gen_ai.client.token.usage output"].ShouldBe(4);
    }

    [Fact]
    public async Task Call_OfAModelThatThereIsNot_DoesNotMakeAMeasurementOfItsName()
    {
        using var measured = new Measurements();
        var model = $"nothing-{Guid.NewGuid():n}";

        var reply = await host.CallAsync(
            "messages",
            CallBodies.Of("messages", model, stream: false)
        );

        reply.Status.ShouldBe(HttpStatusCode.NotFound);
        measured.Tags.ShouldContain("not_found");
        measured.Tags.ShouldNotContain(model);
    }

    private sealed class Spans : IDisposable
    {
        private readonly ConcurrentQueue<Activity> _ended = new();
        private readonly ActivityListener _listener;

        public Spans()
        {
            _listener = new()
            {
                ShouldListenTo = source => source.Name == Source,
                Sample = (ref _) => ActivitySamplingResult.AllData,
                ActivityStopped = _ended.Enqueue,
            };
            ActivitySource.AddActivityListener(_listener);
        }

        public Activity Of(string model) =>
            _ended
                .Where(s => model.Equals(s.GetTagItem("apisvc.ai.virtual_model")))
                .ShouldHaveSingleItem();

        public void Dispose() => _listener.Dispose();
    }

    private sealed class Measurements : IDisposable
    {
        private readonly ConcurrentQueue<(string Name, double Value, string[] Tags)> _all = new();
        private readonly MeterListener _listener = new();

        public Measurements()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == Source)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>(
                (instrument, value, tags, _) => Add(instrument, value, tags)
            );
            _listener.SetMeasurementEventCallback<long>(
                (instrument, value, tags, _) => Add(instrument, value, tags)
            );
            _listener.Start();
        }

        public IEnumerable<string> Tags => _all.SelectMany(m => m.Tags);

        public Dictionary<string, double> Of(string model) =>
            _all.Where(m => m.Tags.Contains(model)).ToDictionary(m => m.Name, m => m.Value);

        public void Dispose() => _listener.Dispose();

        private void Add(
            Instrument instrument,
            double value,
            ReadOnlySpan<KeyValuePair<string, object?>> tags
        )
        {
            var name = instrument.Name;
            var values = new List<string>();
            foreach (var (key, tag) in tags)
            {
                values.Add($"{tag}");
                name += key == "gen_ai.token.type" ? $" {tag}" : "";
            }

            _all.Enqueue((name, value, [.. values]));
        }
    }
}
