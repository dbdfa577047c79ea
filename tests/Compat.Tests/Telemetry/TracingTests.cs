using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using ApiSvc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ApiSvc.Compat.Tests.Telemetry;

public sealed class TracingTests : IDisposable
{
    private static readonly ActivitySource Source = new("Compat.Tests");

    private readonly SpanList _spans = new();

    [Fact]
    public async Task Server_RoutedCall_HasTheConventionsAttributes()
    {
        await using var app = await StartAsync();
        app.Client.DefaultRequestHeaders.UserAgent.ParseAdd("tests/1");

        await app.Client.GetStringAsync("/items/5?token=secret&x");

        var span = await ServerSpanAsync("/items/5");
        span.DisplayName.ShouldBe("GET /items/{id}");
        span.Kind.ShouldBe(ActivityKind.Server);
        span.Status.ShouldBe(ActivityStatusCode.Unset);
        Tags(span)
            .ShouldBe(
                new Dictionary<string, object?>
                {
                    ["http.request.method"] = "GET",
                    ["url.scheme"] = "http",
                    ["url.path"] = "/items/5",
                    ["url.query"] = "?token=Redacted&x",
                    ["server.address"] = "127.0.0.1",
                    ["server.port"] = app.Client.BaseAddress!.Port,
                    ["user_agent.original"] = "tests/1",
                    ["network.protocol.version"] = "1.1",
                    ["http.route"] = "/items/{id}",
                    ["http.response.status_code"] = 200,
                },
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Server_UnknownMethodAndNoRoute_IsCalledHttp()
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod("BREW"), "/pot");

        (await app.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        var span = await ServerSpanAsync("/pot");
        span.DisplayName.ShouldBe("HTTP");
        span.GetTagItem("http.request.method").ShouldBe("_OTHER");
        span.GetTagItem("http.request.method_original").ShouldBe("BREW");
        span.Status.ShouldBe(ActivityStatusCode.Unset);
    }

    [Fact]
    public async Task Server_UnhandledException_IsAnErrorOfItsType()
    {
        await using var app = await StartAsync();

        (await app.Client.GetAsync("/boom")).StatusCode.ShouldBe(
            HttpStatusCode.InternalServerError
        );

        var span = await ServerSpanAsync("/boom");
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.GetTagItem("error.type").ShouldBe("System.InvalidOperationException");
        span.Events.ShouldHaveSingleItem().Name.ShouldBe("exception");
        span.GetTagItem("seen").ShouldBe("boom");
    }

    [Fact]
    public async Task Server_Answer503_IsAnErrorOfItsStatus()
    {
        await using var app = await StartAsync();

        await app.Client.GetAsync("/busy");

        var span = await ServerSpanAsync("/busy");
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.GetTagItem("error.type").ShouldBe("503");
    }

    [Fact]
    public async Task Server_FilteredOut_IsNotRecorded()
    {
        await using var app = await StartAsync();

        await app.Client.GetStringAsync("/health");
        await app.Client.GetStringAsync("/items/6");

        await ServerSpanAsync("/items/6");
        _spans.Ended.ShouldNotContain(span => Equals(span.GetTagItem("url.path"), "/health"));
    }

    [Fact]
    public async Task Server_Enriched_CarriesWhatWasAdded()
    {
        await using var app = await StartAsync();

        await app.Client.GetStringAsync("/items/7");

        var span = await ServerSpanAsync("/items/7");
        span.GetTagItem("request.seen").ShouldBe("/items/7");
        span.GetTagItem("response.seen").ShouldBe(200);
    }

    [Fact]
    public async Task Client_CallToServer_IsTheServersParent()
    {
        await using var app = await StartAsync();

        await app.Client.GetStringAsync("/items/8");

        var server = await ServerSpanAsync("/items/8");
        var client = await Eventually.GetAsync(
            () =>
                Task.FromResult(_spans.Ended.FirstOrDefault(s => s.SpanId == server.ParentSpanId)),
            span => span is not null
        );
        client!.Kind.ShouldBe(ActivityKind.Client);
        client.TraceId.ShouldBe(server.TraceId);
        client.GetTagItem("http.response.status_code").ShouldBe(200);
        client.GetTagItem("asked").ShouldBe("/items/8");
        client.GetTagItem("answered").ShouldBe(200);
    }

    [Fact]
    public async Task Client_FilteredOut_IsNotRecorded()
    {
        await using var app = await StartAsync();

        await app.Client.GetStringAsync("/quiet");
        await app.Client.GetStringAsync("/items/9");

        await ServerSpanAsync("/items/9");
        _spans.Ended.ShouldNotContain(span =>
            span.Kind == ActivityKind.Client
            && ((string)span.GetTagItem("url.full")!).EndsWith("/quiet", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Client_NobodyAnswers_RecordsTheException()
    {
        await using var app = await StartAsync();
        using var nobody = new HttpClient();

        await Should.ThrowAsync<HttpRequestException>(() =>
            nobody.GetAsync("http://127.0.0.1:1/nobody")
        );

        var span = _spans.Ended.Single(s =>
            s.GetTagItem("url.full") is string url
            && url.EndsWith("/nobody", StringComparison.Ordinal)
        );
        span.Status.ShouldBe(ActivityStatusCode.Error);
        span.GetTagItem("failed").ShouldBe("HttpRequestException");
        span.Events.ShouldHaveSingleItem().Name.ShouldBe("exception");
    }

    [Fact]
    public async Task UseOtlpExporter_HostStops_AllSignalsHaveArrived()
    {
        var received = new ConcurrentDictionary<string, string>();
        await using var collector = await TestApp.StartAsync(
            _ => { },
            app =>
                app.MapPost(
                    "/v1/{signal}",
                    async (string signal, HttpRequest request) =>
                    {
                        using var body = new MemoryStream();
                        await request.Body.CopyToAsync(body);
                        received[signal] = System.Text.Encoding.Latin1.GetString(body.ToArray());
                    }
                )
        );
        await using (
            var app = await TestApp.StartAsync(
                builder =>
                    builder
                        .Services.AddOpenTelemetry()
                        .ConfigureResource(resource => resource.AddService("compat-tests"))
                        .WithTracing(tracing => tracing.AddSource(Source.Name))
                        .WithMetrics(metrics => metrics.AddMeter("System.Runtime"))
                        .WithLogging()
                        .UseOtlpExporter(
                            OtlpExportProtocol.HttpProtobuf,
                            collector.Client.BaseAddress!
                        ),
                _ => { }
            )
        )
        {
            using (Source.StartActivity("a-span-to-export"))
            {
                app.Services.GetRequiredService<ILogger<TracingTests>>()
                    .LogWarning("a log line to export");
            }

            await app.StopAsync();
        }

        received.Keys.ShouldBe(["traces", "metrics", "logs"], ignoreOrder: true);
        received["traces"].ShouldContain("a-span-to-export");
        received["logs"].ShouldContain("a log line to export");
        received.Values.ShouldAllBe(body =>
            body.Contains("compat-tests", StringComparison.Ordinal)
        );
    }

    public void Dispose() => _spans.Dispose();

    private Task<Activity> ServerSpanAsync(string path) =>
        Eventually.GetAsync(
            () =>
                Task.FromResult(
                    _spans.Ended.FirstOrDefault(span =>
                        span.Kind == ActivityKind.Server
                        && Equals(span.GetTagItem("url.path"), path)
                    )
                ),
            span => span is not null
        )!;

    private static Dictionary<string, object?> Tags(Activity span) =>
        span
            .TagObjects.Where(tag => !tag.Key.EndsWith(".seen", StringComparison.Ordinal))
            .ToDictionary(tag => tag.Key, tag => tag.Value);

    private Task<TestApp> StartAsync() =>
        TestApp.StartAsync(
            builder =>
                builder
                    .Services.AddOpenTelemetry()
                    .WithTracing(tracing =>
                        tracing
                            .AddProcessor(_spans)
                            .AddAspNetCoreInstrumentation(options =>
                            {
                                options.Filter = context => context.Request.Path != "/health";
                                options.RecordException = true;
                                options.EnrichWithHttpRequest = (span, request) =>
                                    span.SetTag("request.seen", request.Path.Value);
                                options.EnrichWithHttpResponse = (span, response) =>
                                    span.SetTag("response.seen", response.StatusCode);
                                options.EnrichWithException = (span, exception) =>
                                    span.SetTag("seen", exception.Message);
                            })
                            .AddHttpClientInstrumentation(options =>
                            {
                                options.FilterHttpRequestMessage = request =>
                                    request.RequestUri!.AbsolutePath != "/quiet";
                                options.EnrichWithHttpRequestMessage = (span, request) =>
                                    span.SetTag("asked", request.RequestUri!.AbsolutePath);
                                options.EnrichWithHttpResponseMessage = (span, response) =>
                                    span.SetTag("answered", (int)response.StatusCode);
                                options.EnrichWithException = (span, exception) =>
                                    span.SetTag("failed", exception.GetType().Name);
                            })
                    ),
            app =>
            {
                app.MapGet("/items/{id}", (string id) => id);
                app.MapGet("/health", () => "ok");
                app.MapGet("/quiet", () => "ok");
                app.MapGet("/busy", () => Results.StatusCode(503));
                app.MapGet("/boom", string () => throw new InvalidOperationException("boom"));
            }
        );

    private sealed class SpanList : BaseProcessor<Activity>
    {
        public ConcurrentQueue<Activity> Ended { get; } = [];

        // As exporting processors do: what is not recorded is not exported.
        public override void OnEnd(Activity data)
        {
            if (data.Recorded)
            {
                Ended.Enqueue(data);
            }
        }
    }
}
