using System.Diagnostics;
using System.Diagnostics.Metrics;
using ApiSvc.ServiceDefaults.Telemetry;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ApiSvc.Dashboard.Tests.Otlp;

/// <summary>Two services that send by the real exporter: one publishes a message, the other takes it.</summary>
internal static class SampleServices
{
    /// <returns>The id of the trace that went through both.</returns>
    public static string SendTrace(DashboardServer server)
    {
        var headers = new List<(string Key, byte[]? Value)>();
        var id = Gateway(server, headers);
        Analytics(server, KafkaTraceContext.Extract(headers));
        return id;
    }

    /// <summary>What a web service measures.</summary>
    public static void SendMetrics(DashboardServer server)
    {
        using var meter = new Meter($"sample-{Guid.NewGuid():n}");
        using var provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(r => r.AddService("gateway"))
            .AddMeter(meter.Name)
            .AddMeter("System.Runtime")
            .AddReader(
                new BaseExportingMetricReader(new OtlpMetricExporter(Options(server, "metrics")))
            )
            .Build();
        var duration = meter.CreateHistogram<double>("http.server.request.duration", "s");
        for (var i = 0; i < 200; i++)
        {
            var status = new KeyValuePair<string, object?>(
                "http.response.status_code",
                i % 20 == 0 ? 503 : 200
            );
            duration.Record(0.002 * (1 + (i % 15)), status);
        }

        meter.CreateObservableGauge("apisvc.gateway.generation", () => 17);
        provider.ForceFlush();
    }

    private static string Gateway(DashboardServer server, List<(string, byte[]?)> headers)
    {
        using var source = new ActivitySource($"gateway-{Guid.NewGuid():n}");
        using var provider = Tracing(server, "gateway", source);
        using var logs = LoggerFactory.Create(logging =>
            logging.AddOpenTelemetry(options =>
            {
                options.IncludeFormattedMessage = true;
                options.SetResourceBuilder(ResourceBuilder.CreateDefault().AddService("gateway"));
                options.AddProcessor(
                    new SimpleLogRecordExportProcessor(new OtlpLogExporter(Options(server, "logs")))
                );
            })
        );
        using var request = source.StartActivity("POST /orders/{id}", ActivityKind.Server)!;
        request.SetTag("http.request.method", "POST").SetTag("http.response.status_code", 502);
        using (var call = source.StartActivity("POST upstream", ActivityKind.Client)!)
        {
            call.SetTag("server.address", "orders.internal");
            call.AddException(new InvalidOperationException("The upstream closed the connection."));
            call.SetStatus(ActivityStatusCode.Error, "closed");
            logs.CreateLogger("Gateway.Forwarder").LogWarning("Upstream orders gave up");
        }

        using (var publish = source.StartActivity("publish call-records", ActivityKind.Producer)!)
        {
            KafkaTraceContext.Inject(publish, (key, value) => headers.Add((key, value)));
        }

        return request.TraceId.ToHexString();
    }

    private static void Analytics(DashboardServer server, ActivityContext parent)
    {
        using var source = new ActivitySource($"analytics-{Guid.NewGuid():n}");
        using var provider = Tracing(server, "analytics", source);
        using var take = source.StartActivity("take call-records", ActivityKind.Consumer, parent)!;
        take.SetTag("messaging.system", "kafka").SetTag("messaging.batch.message_count", 12);
        using var copy = source.StartActivity("COPY calls", ActivityKind.Client);
    }

    private static TracerProvider Tracing(
        DashboardServer server,
        string service,
        ActivitySource source
    ) =>
        Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(r => r.AddService(service))
            .AddSource(source.Name)
            .AddProcessor(
                new SimpleActivityExportProcessor(new OtlpTraceExporter(Options(server, "traces")))
            )
            .Build();

    private static OtlpExporterOptions Options(DashboardServer server, string signal) =>
        new()
        {
            Endpoint = new Uri($"{server.OtlpEndpoint}/v1/{signal}"),
            Protocol = OtlpExportProtocol.HttpProtobuf,
            Headers = $"{DashboardServer.OtlpApiKeyHeader}={server.OtlpApiKey}",
        };
}
