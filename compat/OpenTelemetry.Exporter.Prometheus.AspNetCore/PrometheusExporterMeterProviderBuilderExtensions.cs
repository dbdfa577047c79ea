using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Exporter.Prometheus;

namespace OpenTelemetry.Metrics;

/// <summary>Metrics for Prometheus.</summary>
public static class PrometheusExporterMeterProviderBuilderExtensions
{
    /// <summary>Keeps the metrics for Prometheus to scrape.</summary>
    public static MeterProviderBuilder AddPrometheusExporter(this MeterProviderBuilder builder) =>
        builder.AddPrometheusExporter(_ => { });

    /// <summary>Keeps the metrics for Prometheus to scrape, as the options say.</summary>
    public static MeterProviderBuilder AddPrometheusExporter(
        this MeterProviderBuilder builder,
        Action<PrometheusAspNetCoreOptions> configure
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.ConfigureServices(services =>
        {
            services.Configure(configure);
            services.TryAddSingleton(provider => new PrometheusExporter(
                provider.GetRequiredService<IOptions<PrometheusAspNetCoreOptions>>().Value
            ));
        });

        // Prometheus takes differences itself.
        return builder.AddReader(provider => new BaseExportingMetricReader(
            provider.GetRequiredService<PrometheusExporter>()
        )
        {
            TemporalityPreference = MetricReaderTemporalityPreference.Cumulative,
        });
    }
}
