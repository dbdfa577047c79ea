using Grpc.AspNetCore.HealthChecks;
using Grpc.HealthCheck;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds gRPC's health checking.</summary>
public static class GrpcHealthChecksServiceExtensions
{
    /// <summary>The empty service name, the server as a whole, is how all checks are.</summary>
    public static IHealthChecksBuilder AddGrpcHealthChecks(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<HealthServiceImpl>();
        services.TryAddSingleton<ReportedHealth>();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IHealthCheckPublisher, HealthPublisher>()
        );
        services.Configure<GrpcHealthChecksOptions>(options =>
        {
            if (!options.Services.TryGetMapping("", out _))
            {
                options.Services.Map("", _ => true);
            }
        });
        return services.AddHealthChecks();
    }

    public static IHealthChecksBuilder AddGrpcHealthChecks(
        this IServiceCollection services,
        Action<GrpcHealthChecksOptions> configure
    )
    {
        ArgumentNullException.ThrowIfNull(configure);
        var builder = services.AddGrpcHealthChecks();
        services.Configure(configure);
        return builder;
    }
}
