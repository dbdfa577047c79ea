using ApiSvc.ServiceDefaults.Data;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.ServiceDefaults.Migrations;

/// <summary>Unready, with the reason, until the schema is there.</summary>
internal sealed class MigrationHealthCheck(DatabaseReady ready) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            ready.IsReady
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, ready.Reason)
        );
}
