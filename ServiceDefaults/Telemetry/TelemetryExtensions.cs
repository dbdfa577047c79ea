using ApiSvc.ServiceDefaults.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers telemetry.</summary>
public static class TelemetryExtensions
{
    // Activity sources and meters of the suite's own are named ApiSvc.<Service>.
    private const string OwnSources = "ApiSvc.*";
    private const string NpgsqlSource = "Npgsql";

    /// <summary>
    /// Adds traces, metrics and logs by OpenTelemetry: over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set, and
    /// metrics for Prometheus always. Spans that nobody takes are not made; how many of those that somebody takes are, says
    /// <c>OTEL_TRACES_SAMPLER</c> (OpenTelemetry's specification of environment variables).
    /// </summary>
    public static TBuilder AddTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var service = ServiceInfo.Of(builder.Configuration, builder.Environment);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        var telemetry = builder
            .Services.AddOpenTelemetry()
            .ConfigureResource(resource =>
                resource.AddService(service.Name, serviceVersion: service.Version)
            )
            .WithMetrics(metrics =>
                metrics
                    .AddAspNetCoreInstrumentation()
                    .AddHttpClientInstrumentation()
                    .AddRuntimeInstrumentation()
                    .AddMeter(OwnSources, NpgsqlSource)
                    .AddPrometheusExporter()
            );
        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry
                .WithTracing(tracing =>
                    tracing
                        .AddAspNetCoreInstrumentation(options => options.Filter = IsWorthATrace)
                        .AddHttpClientInstrumentation()
                        .AddSource(OwnSources, NpgsqlSource)
                )
                .UseOtlpExporter();
        }

        return builder;
    }

    // Probes come every few seconds and say nothing. On other endpoints than management these paths may be an API's own.
    private static bool IsWorthATrace(HttpContext context)
    {
        var isManagement =
            context.Features.Get<IServiceEndpointFeature>()
            is null
                or { Name: ServiceEndpoints.Management };
        return !isManagement
            || context.Request.Path.Value is not ("/health" or "/alive" or "/metrics");
    }
}
