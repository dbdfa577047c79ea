using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.AiAdapter.Configuration;

/// <summary>Unready until the configuration was read once; from then on what was read is served.</summary>
internal sealed class ConfigurationHealthCheck(ConfigurationState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            state.IsKnown
                ? HealthCheckResult.Healthy(state.Trouble)
                : HealthCheckResult.Unhealthy(
                    $"There is no configuration to serve by. {state.Trouble}"
                )
        );
}
