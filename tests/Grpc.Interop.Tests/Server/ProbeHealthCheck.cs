using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.Interop.Server;

/// <summary>Says of the probe what <c>SetHealth</c> was told.</summary>
internal sealed class ProbeHealthCheck(ProbeState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            state.Serving.GetValueOrDefault(V1.Probe.Descriptor.FullName, true)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy()
        );
}
