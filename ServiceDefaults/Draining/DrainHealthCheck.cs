using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.ServiceDefaults.Draining;

internal sealed class DrainHealthCheck(IDrainState drain) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            drain.IsDraining
                ? HealthCheckResult.Unhealthy("The service is shutting down.")
                : HealthCheckResult.Healthy()
        );
}
