using Microsoft.Extensions.Hosting;
using OpenTelemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>OpenTelemetry in a host.</summary>
public static class OpenTelemetryServicesExtensions
{
    /// <summary>Starts OpenTelemetry with the host; may be called again to add to what is collected.</summary>
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);

        // First of the hosted services, so that the others' start is seen.
        if (services.All(s => s.ImplementationType != typeof(TelemetryHostedService)))
        {
            services.Insert(
                0,
                ServiceDescriptor.Singleton<IHostedService, TelemetryHostedService>()
            );
        }

        return new(services);
    }
}
