using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OpenTelemetry.Exporter.Prometheus;
using OpenTelemetry.Metrics;

namespace Microsoft.AspNetCore.Builder;

/// <summary>The page that Prometheus scrapes.</summary>
public static class PrometheusExporterEndpointRouteBuilderExtensions
{
    /// <summary>Maps the page to the path in the options.</summary>
    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(
        this IEndpointRouteBuilder endpoints
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var options = endpoints.ServiceProvider.GetRequiredService<
            IOptions<PrometheusAspNetCoreOptions>
        >();
        return endpoints.MapPrometheusScrapingEndpoint(
            options.Value.ScrapeEndpointPath ?? "/metrics"
        );
    }

    /// <summary>Maps the page to a path.</summary>
    /// <exception cref="InvalidOperationException">Metrics are not kept for Prometheus.</exception>
    public static IEndpointConventionBuilder MapPrometheusScrapingEndpoint(
        this IEndpointRouteBuilder endpoints,
        string path
    )
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        // Builds the provider, and with it the reader that the exporter collects from.
        endpoints.ServiceProvider.GetRequiredService<MeterProvider>();
        var exporter =
            endpoints.ServiceProvider.GetService<PrometheusExporter>()
            ?? throw new InvalidOperationException(
                "No metrics are kept for Prometheus: call AddPrometheusExporter() in WithMetrics."
            );

        return endpoints
            .Map(path, context => AnswerAsync(context, exporter))
            .WithDisplayName("Prometheus metrics");
    }

    private static async Task AnswerAsync(HttpContext context, PrometheusExporter exporter)
    {
        var snapshot = await exporter.CollectAsync().WaitAsync(context.RequestAborted);
        if (snapshot is null)
        {
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return;
        }

        var format = TextFormat.For(context.Request.Headers.Accept.ToString());
        context.Response.ContentType = format.ContentType;
        await context.Response.WriteAsync(format.Write(snapshot), context.RequestAborted);
    }
}
