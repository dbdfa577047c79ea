using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace ApiSvc.ServiceDefaults.Tests.Telemetry;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Metrics_OnManagement_HaveTheFrameworksAndOurOwn()
    {
        using var meter = new Meter("ApiSvc.Sample");
        await using var host = await ServiceHost.StartAsync(MapThings);
        using var http = host.Client("http");
        using var management = host.Client("management");
        meter.CreateCounter<long>("apisvc.sample.things").Add(3);
        (await http.GetAsync("/v1/things")).EnsureSuccessStatusCode();

        var page = await management.GetStringAsync("/metrics");

        page.ShouldContain("apisvc_sample_things_total");
        page.ShouldContain("http_server_request_duration_seconds_bucket");
        page.ShouldContain("http_route=\"/v1/things\"");
        page.ShouldContain("dotnet_gc_collections_total");
    }

    [Fact]
    public async Task Traces_ProbesOnManagement_AreLeftOut()
    {
        var spans = new ConcurrentQueue<(int Port, string Path)>();
        int web;
        int inside;
        await using (
            var host = await ServiceHost.StartAsync(
                app =>
                {
                    MapThings(app);
                    app.MapGet("/health", () => "an API's own").AllowAnonymousCaller();
                },
                builder =>
                    builder.Services.ConfigureOpenTelemetryTracerProvider(t =>
                        t.AddProcessor(new Recorder(spans))
                    ),
                // Nobody listens there; spans are made only for somebody who is to get them.
                ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
            )
        )
        {
            using var http = host.Client("http");
            using var management = host.Client("management");
            web = host.Address("http").Port;
            inside = host.Address("management").Port;
            await management.GetAsync("/alive");
            await management.GetAsync("/metrics");
            await management.GetAsync("/health");
            await management.GetAsync("/");
            await http.GetAsync("/health");
            await http.GetAsync("/v1/things");
        }

        // Other tests of this process are traced too: the ports tell them apart.
        spans
            .Where(s => s.Port == web || s.Port == inside)
            .ShouldBe([(inside, "/"), (web, "/health"), (web, "/v1/things")], ignoreOrder: true);
    }

    [Fact]
    public async Task Otlp_EndpointSet_ReceivesTracesMetricsAndLogs()
    {
        var received = new ConcurrentDictionary<string, int>();
        await using var collector = await LoopbackServer.StartAsync(app =>
            app.MapPost(
                "/v1/{signal}",
                async (string signal, HttpRequest request) =>
                {
                    await request.Body.CopyToAsync(Stream.Null);
                    received.AddOrUpdate(signal, 1, (_, n) => n + 1);
                    return Results.Bytes([], "application/x-protobuf");
                }
            )
        );

        // What is not sent yet is sent when the host ends.
        await using (
            var host = await ServiceHost.StartAsync(
                MapThings,
                settings:
                [
                    ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{collector.Port}"),
                    ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ]
            )
        )
        {
            using var http = host.Client("http");
            await http.GetAsync("/v1/things");
        }

        received.Keys.Order(StringComparer.Ordinal).ShouldBe(["logs", "metrics", "traces"]);
    }

    private static void MapThings(WebApplication app) =>
        app.MapGet("/v1/things", () => Results.Ok()).AllowAnonymousCaller();

    private sealed class Recorder(ConcurrentQueue<(int, string)> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data)
        {
            if (data is { Kind: ActivityKind.Server } && data.GetTagItem("server.port") is int port)
            {
                spans.Enqueue((port, data.GetTagItem("url.path") as string ?? ""));
            }
        }
    }
}
