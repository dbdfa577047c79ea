using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.Identity.Keys;

/// <summary>Unready, with the reason, until there are keys to sign with.</summary>
internal sealed class SigningKeyHealthCheck(SigningKeys keys) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var signing = SigningAlgorithms.All.Select(keys.Find).OfType<SigningKey>().ToList();
        return Task.FromResult(
            signing.Count == SigningAlgorithms.All.Count
                ? HealthCheckResult.Healthy(
                    $"Keys {string.Join(", ", signing.Select(k => k.Row.KeyId))} sign."
                )
                : new HealthCheckResult(context.Registration.FailureStatus, keys.Reason)
        );
    }
}
