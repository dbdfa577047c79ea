using System.Text.Json;

namespace ApiSvc.Dashboard.Tests.Otlp;

/// <summary>With OpenTelemetry's own exporter.</summary>
public sealed class ExporterTests
{
    [Fact]
    public async Task Trace_ThroughMessageHeadersOfTwoServices_IsOne()
    {
        await using var dashboard = await DashboardFixture.StartAsync();

        var id = SampleServices.SendTrace(dashboard.Server);

        var trace = await GetAsync(dashboard, $"/api/traces/{id}");
        var spans = trace
            .GetProperty("spans")
            .EnumerateArray()
            .Select(s =>
                $"{s.GetProperty("depth")} {s.GetProperty("service")} {s.GetProperty("name")} {s.GetProperty("kind")}"
            )
            .ToList();
        spans.ShouldBe([
            "0 gateway POST /orders/{id} server",
            "1 gateway POST upstream client",
            "1 gateway publish call-records producer",
            "2 analytics take call-records consumer",
            "3 analytics COPY calls client",
        ]);
        var failed = trace.GetProperty("spans")[1];
        failed.GetProperty("isError").GetBoolean().ShouldBeTrue();
        failed.GetProperty("events")[0].GetProperty("name").GetString().ShouldBe("exception");
        var log = trace.GetProperty("logs")[0];
        log.GetProperty("text").GetString().ShouldBe("Upstream orders gave up");
        log.GetProperty("level").GetString().ShouldBe("warning");
        log.GetProperty("spanId").GetString().ShouldBe(failed.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Metrics_OfAWebService_GiveCharts()
    {
        await using var dashboard = await DashboardFixture.StartAsync();

        SampleServices.SendMetrics(dashboard.Server);

        (await dashboard.Browser.GetStringAsync("/api/metrics")).ShouldBe("[\"gateway\"]");
        var view = await GetAsync(dashboard, "/api/metrics/gateway");
        view.GetProperty("charts")
            .EnumerateArray()
            .Select(c => c.GetProperty("title").GetString())
            .ShouldBe(
                [
                    "Requests",
                    "Request duration",
                    "Processor",
                    "Memory",
                    "Garbage collections",
                    "Pauses for collections",
                ],
                ignoreOrder: true
            );
        var latest = view.GetProperty("latest").EnumerateArray().ToList();
        latest
            .Single(m => m.GetProperty("name").GetString() == "apisvc.gateway.generation")
            .GetProperty("value")
            .GetDouble()
            .ShouldBe(17);
        latest
            .Where(m => m.GetProperty("name").GetString() == "http.server.request.duration")
            .Sum(m => m.GetProperty("value").GetDouble())
            .ShouldBe(200);
    }

    private static async Task<JsonElement> GetAsync(DashboardFixture dashboard, string path) =>
        JsonDocument.Parse(await dashboard.Browser.GetStringAsync(path)).RootElement;
}
