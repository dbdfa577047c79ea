using System.Net.Http.Headers;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Wire;
using Google.Protobuf;

namespace ApiSvc.Dashboard.Tests.Browser;

/// <summary>Ten minutes of a service's measurements, at once.</summary>
internal static class SampleMetrics
{
    private static readonly double[] Bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

    public static void Send(DashboardServer server)
    {
        var scope = new ScopeMetrics();
        var begin = DateTimeOffset.UtcNow.AddMinutes(-10);
        var buckets = new double[Bounds.Length + 1];
        double processor = 0;
        double collections = 0;
        for (var second = 0; second < 600; second += 5)
        {
            var load = 40 + (25 * Math.Sin(second / 90.0)) + (8 * Math.Sin(second / 13.0));
            processor += load * 0.05;
            collections += load / 60;
            for (var i = 0; i < buckets.Length; i++)
            {
                buckets[i] += load * Math.Exp(-Math.Abs(i - 2 - (second / 400.0))) * 5;
            }

            var at = Nanoseconds(begin.AddSeconds(second));
            scope.Metrics.Add(
                Named(
                    "http.server.request.duration",
                    "s",
                    new()
                    {
                        Start = begin,
                        At = at,
                        Buckets = buckets,
                    }
                )
            );
            scope.Metrics.Add(Counter("dotnet.process.cpu.time", "s", begin, at, processor));
            scope.Metrics.Add(
                Counter(
                    "dotnet.gc.collections",
                    "{collection}",
                    begin,
                    at,
                    collections,
                    ("gc.heap.generation", "gen0")
                )
            );
            scope.Metrics.Add(Counter("dotnet.gc.pause.time", "s", begin, at, collections * 0.004));
            scope.Metrics.Add(Gauge("dotnet.process.memory.working_set", at, 96e6 + (load * 4e5)));
            scope.Metrics.Add(
                Gauge("dotnet.gc.last_collection.heap.size", at, 30e6 + (second % 60 * 2e5))
            );
        }

        Post(server, scope);
    }

    private static void Post(DashboardServer server, ScopeMetrics scope)
    {
        var body = new ExportMetricsServiceRequest
        {
            ResourceMetrics =
            {
                new ResourceMetrics
                {
                    Resource = new() { Attributes = { Attribute("service.name", "gateway") } },
                    ScopeMetrics = { scope },
                },
            },
        };
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            server.OtlpEndpoint + "/v1/metrics"
        );
        request.Content = new ByteArrayContent(body.ToByteArray());
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
        request.Headers.Add(DashboardServer.OtlpApiKeyHeader, server.OtlpApiKey);
        using var answer = http.Send(request);
        answer.EnsureSuccessStatusCode();
    }

    private static Metric Named(string name, string unit, Distribution of)
    {
        var counts = of.Buckets.Select(b => (ulong)b).ToList();
        return new()
        {
            Name = name,
            Unit = unit,
            Histogram = new()
            {
                AggregationTemporality = AggregationTemporality.Cumulative,
                DataPoints =
                {
                    new HistogramDataPoint
                    {
                        StartTimeUnixNano = Nanoseconds(of.Start),
                        TimeUnixNano = of.At,
                        Count = (ulong)counts.Sum(c => (long)c),
                        Sum = counts.Sum(c => (long)c) * 0.03,
                        BucketCounts = { counts },
                        ExplicitBounds = { Bounds },
                    },
                },
            },
        };
    }

    private static Metric Counter(
        string name,
        string unit,
        DateTimeOffset start,
        ulong at,
        double value,
        params (string Key, string Value)[] attributes
    ) =>
        new()
        {
            Name = name,
            Unit = unit,
            Sum = new()
            {
                AggregationTemporality = AggregationTemporality.Cumulative,
                IsMonotonic = true,
                DataPoints =
                {
                    new NumberDataPoint
                    {
                        StartTimeUnixNano = Nanoseconds(start),
                        TimeUnixNano = at,
                        AsDouble = value,
                        Attributes = { attributes.Select(a => Attribute(a.Key, a.Value)) },
                    },
                },
            },
        };

    private static Metric Gauge(string name, ulong at, double value) =>
        new()
        {
            Name = name,
            Unit = "By",
            Gauge = new()
            {
                DataPoints =
                {
                    new NumberDataPoint { TimeUnixNano = at, AsDouble = value },
                },
            },
        };

    private static KeyValue Attribute(string key, string value) =>
        new()
        {
            Key = key,
            Value = new() { StringValue = value },
        };

    private static ulong Nanoseconds(DateTimeOffset at) =>
        (ulong)(at - DateTimeOffset.UnixEpoch).Ticks * 100;

    private sealed record Distribution
    {
        public required DateTimeOffset Start { get; init; }

        public required ulong At { get; init; }

        public required double[] Buckets { get; init; }
    }
}
