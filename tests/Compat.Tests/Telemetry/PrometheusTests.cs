using System.Diagnostics.Metrics;
using System.Net.Http.Headers;
using ApiSvc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ApiSvc.Compat.Tests.Telemetry;

public sealed class PrometheusTests : IDisposable
{
    private readonly Meter _meter = new($"Golden.{Guid.NewGuid():n}", "1.2");

    [Fact]
    public async Task Scrape_TextFormat_IsGolden()
    {
        await using var app = await StartAsync();
        Measure();

        var response = await app.Client.GetAsync("/metrics");

        response
            .Content.Headers.ContentType!.ToString()
            .ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        (await TextAsync(response)).ShouldBe(
            """
            # TYPE target_info gauge
            # HELP target_info Target metadata
            target_info{service_name="golden",service_version="7"} 1
            # TYPE shop_orders_total counter
            # HELP shop_orders_total Orders "taken"\nso far
            shop_orders_total{SCOPE,kind="a\\b\"c\nd",vip="true"} 3
            shop_orders_total{SCOPE,kind="x;y",vip="false"} 2.5
            # TYPE shop_open gauge
            shop_open{SCOPE} -2
            # TYPE disk_use_ratio gauge
            disk_use_ratio{SCOPE} 0.25
            # TYPE net_io_bytes_per_second gauge
            net_io_bytes_per_second{SCOPE} +Inf
            # TYPE call_duration_seconds histogram
            # HELP call_duration_seconds Time of a call
            call_duration_seconds_bucket{SCOPE,le="0.5"} 1
            call_duration_seconds_bucket{SCOPE,le="1"} 1
            call_duration_seconds_bucket{SCOPE,le="+Inf"} 3
            call_duration_seconds_sum{SCOPE} 5.25
            call_duration_seconds_count{SCOPE} 3

            """
        );
    }

    [Fact]
    public async Task Scrape_OpenMetrics_IsGolden()
    {
        await using var app = await StartAsync();
        Measure();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");

        // As Prometheus asks.
        request.Headers.Accept.ParseAdd(
            "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2"
        );

        var response = await app.Client.SendAsync(request);

        response
            .Content.Headers.ContentType!.ToString()
            .ShouldBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
        (await TextAsync(response)).ShouldBe(
            """
            # TYPE target info
            # HELP target Target metadata
            target_info{service_name="golden",service_version="7"} 1
            # TYPE shop_orders counter
            # HELP shop_orders Orders \"taken\"\nso far
            shop_orders_total{SCOPE,kind="a\\b\"c\nd",vip="true"} 3
            shop_orders_total{SCOPE,kind="x;y",vip="false"} 2.5
            # TYPE shop_open gauge
            shop_open{SCOPE} -2
            # TYPE disk_use_ratio gauge
            # UNIT disk_use_ratio ratio
            disk_use_ratio{SCOPE} 0.25
            # TYPE net_io_bytes_per_second gauge
            # UNIT net_io_bytes_per_second bytes_per_second
            net_io_bytes_per_second{SCOPE} +Inf
            # TYPE call_duration_seconds histogram
            # UNIT call_duration_seconds seconds
            # HELP call_duration_seconds Time of a call
            call_duration_seconds_bucket{SCOPE,le="0.5"} 1
            call_duration_seconds_bucket{SCOPE,le="1"} 1
            call_duration_seconds_bucket{SCOPE,le="+Inf"} 3
            call_duration_seconds_sum{SCOPE} 5.25
            call_duration_seconds_count{SCOPE} 3
            # EOF

            """
        );
    }

    [Theory]
    [InlineData("", "text/plain")]
    [InlineData("text/html, */*", "text/plain")]
    [InlineData("application/openmetrics-text", "application/openmetrics-text")]
    [InlineData("application/openmetrics-text;q=0", "text/plain")]
    [InlineData("text/plain;q=0.9,application/openmetrics-text;q=0.5", "text/plain")]
    [InlineData("not a media type", "text/plain")]
    public async Task Scrape_Accept_ChoosesTheFormat(string accept, string mediaType)
    {
        await using var app = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);

        var response = await app.Client.SendAsync(request);

        response.EnsureSuccessStatusCode();
        response.Content.Headers.ContentType!.MediaType.ShouldBe(mediaType);
    }

    [Fact]
    public async Task Scrape_ManyAtOnce_CollectOnce()
    {
        var collections = 0;
        using var release = new SemaphoreSlim(0);
        _meter.CreateObservableGauge(
            "slow",
            () =>
            {
                Interlocked.Increment(ref collections);
                release.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
                return 1;
            }
        );
        await using var app = await StartAsync(cacheMilliseconds: 60_000);

        var scrapes = Enumerable
            .Range(0, 8)
            .Select(_ => app.Client.GetStringAsync("/metrics"))
            .ToList();
        release.Release();
        var pages = await Task.WhenAll(scrapes);

        collections.ShouldBe(1);
        pages.ShouldAllBe(page => page.Contains("slow{", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scrape_WithoutCache_CollectsEachTime()
    {
        var counter = _meter.CreateCounter<int>("again");
        await using var app = await StartAsync();
        counter.Add(1);
        (await app.Client.GetStringAsync("/metrics")).ShouldContain("} 1\n");

        counter.Add(41);

        (await app.Client.GetStringAsync("/metrics")).ShouldContain("} 42\n");
    }

    [Fact]
    public async Task Scrape_SameNameOfTwoKinds_KeepsTheFirst()
    {
        var gauge = _meter.CreateGauge<int>("same.name");
        var histogram = _meter.CreateHistogram<int>("same_name");
        await using var app = await StartAsync();
        gauge.Record(1);
        histogram.Record(1);

        var page = await app.Client.GetStringAsync("/metrics");

        page.ShouldContain("# TYPE same_name gauge\n");
        page.ShouldNotContain("same_name_bucket");
    }

    [Fact]
    public async Task Map_NoExporter_ThrowsSayingWhatToCall()
    {
        var thrown = await Should.ThrowAsync<InvalidOperationException>(() =>
            TestApp.StartAsync(
                builder => builder.Services.AddOpenTelemetry().WithMetrics(),
                app => app.MapPrometheusScrapingEndpoint("/metrics")
            )
        );

        thrown.Message.ShouldContain("AddPrometheusExporter()");
    }

    [Fact]
    public async Task Scrape_BuiltInMeters_AreThere()
    {
        await using var app = await TestApp.StartAsync(
            builder =>
                builder
                    .Services.AddOpenTelemetry()
                    .WithMetrics(metrics =>
                        metrics
                            .AddAspNetCoreInstrumentation()
                            .AddHttpClientInstrumentation()
                            .AddRuntimeInstrumentation()
                            .AddPrometheusExporter(options =>
                                options.ScrapeResponseCacheDurationMilliseconds = 0
                            )
                    ),
            app =>
            {
                app.MapGet("/items/{id}", (string id) => id);
                app.MapPrometheusScrapingEndpoint();
            }
        );
        await app.Client.GetStringAsync("/items/5");

        // The server counts a call when it is over, which may be after the answer has arrived.
        var page = await Eventually.GetAsync(
            () => app.Client.GetStringAsync("/metrics"),
            page =>
                page.Contains(
                    "http_server_request_duration_seconds_count",
                    StringComparison.Ordinal
                )
        );

        page.ShouldContain("http_route=\"/items/{id}\"");
        page.ShouldContain("http_client_request_duration_seconds_count");
        page.ShouldContain("# TYPE dotnet_gc_collections_total counter");
        page.ShouldContain("# TYPE kestrel_active_connections gauge");
    }

    public void Dispose() => _meter.Dispose();

    private void Measure()
    {
        var orders = _meter.CreateCounter<double>(
            "shop.orders.total",
            "{order}",
            "Orders \"taken\"\nso far"
        );
        orders.Add(3, new("kind", "a\\b\"c\nd"), new("vip", true));
        orders.Add(2.5, new("kind", "x;y"), new("vip", false));
        _meter.CreateUpDownCounter<long>("shop..open").Add(-2);
        _meter.CreateGauge<double>("disk.use", "1").Record(0.25);
        _meter.CreateGauge<double>("net-io", "By/s").Record(double.PositiveInfinity);
        var duration = _meter.CreateHistogram(
            "call.duration",
            "s",
            "Time of a call",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] }
        );
        duration.Record(0.25);
        duration.Record(2);
        duration.Record(3);
    }

    private Task<TestApp> StartAsync(int cacheMilliseconds = 0) =>
        TestApp.StartAsync(
            builder =>
                builder
                    .Services.AddOpenTelemetry()
                    .ConfigureResource(resource =>
                        resource
                            .Clear()
                            .AddAttributes([
                                new("service.name", "golden"),
                                new("service.version", 7),
                            ])
                    )
                    .WithMetrics(metrics =>
                        metrics
                            .AddMeter(_meter.Name)
                            .AddPrometheusExporter(options =>
                                options.ScrapeResponseCacheDurationMilliseconds = cacheMilliseconds
                            )
                    ),
            app => app.MapPrometheusScrapingEndpoint("/metrics")
        );

    private async Task<string> TextAsync(HttpResponseMessage response) =>
        (await response.Content.ReadAsStringAsync()).Replace(
            $"otel_scope_name=\"{_meter.Name}\",otel_scope_version=\"1.2\"",
            "SCOPE",
            StringComparison.Ordinal
        );
}
