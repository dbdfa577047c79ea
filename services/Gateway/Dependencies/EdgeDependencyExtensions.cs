using ApiSvc.Gateway.CallRecords;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.Gateway.Dependencies;

/// <summary>What the gateway is connected to.</summary>
internal static class EdgeDependencyExtensions
{
    /// <summary>
    /// Connects to Redis and Kafka. The gateway serves without either, and without the issuer, whose keys it has from the
    /// credentials; so one that is away leaves it degraded, not unready: an orchestrator must not take the door away
    /// because of it.
    /// </summary>
    public static void AddEdgeDependencies(this IHostApplicationBuilder builder)
    {
        var others = new HashSet<string>(StringComparer.Ordinal);
        builder.Services.Configure<HealthCheckServiceOptions>(checks =>
            others.UnionWith(
                checks.Registrations.Select(c => c.Name).Except([TokenExtensions.IssuerCheck])
            )
        );
        builder.AddRedisClient("redis");
        builder.AddCallRecordShipping("kafka");
        builder.Services.Configure<HealthCheckServiceOptions>(checks =>
        {
            foreach (var check in checks.Registrations.Where(c => !others.Contains(c.Name)))
            {
                check.FailureStatus = HealthStatus.Degraded;
            }
        });
    }
}
