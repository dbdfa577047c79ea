using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.Identity.Keys;

/// <summary>Unready, with the reason, until there is a key to sign with.</summary>
internal sealed class SigningKeyHealthCheck(SigningKeys keys) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            keys.All.Count > 0
                ? HealthCheckResult.Healthy($"Key {keys.All[0].Key.KeyId} signs.")
                : new HealthCheckResult(context.Registration.FailureStatus, keys.Reason)
        );
}
