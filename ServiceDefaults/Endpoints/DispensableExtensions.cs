using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>Registers what a service does without when it has to.</summary>
public static class DispensableExtensions
{
    /// <summary>
    /// Adds dependencies that leave the service degraded when they are away, not unready: an orchestrator must not take it away because
    /// of them.
    /// </summary>
    /// <param name="builder">The service.</param>
    /// <param name="add">Adds them, with their health checks.</param>
    /// <param name="checks">Names of other checks of which the same holds.</param>
    public static void AddDispensable(
        this IHostApplicationBuilder builder,
        Action add,
        params IReadOnlyList<string> checks
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(add);
        var others = new HashSet<string>(StringComparer.Ordinal);
        builder.Services.Configure<HealthCheckServiceOptions>(options =>
            others.UnionWith(options.Registrations.Select(c => c.Name).Except(checks))
        );
        add();
        builder.Services.Configure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations.Where(c => !others.Contains(c.Name)))
            {
                check.FailureStatus = HealthStatus.Degraded;
            }
        });
    }
}
