using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

internal sealed class IssuerHealthCheck(RemoteIssuerKeys keys, IOptions<TokenOptions> options)
    : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            keys.ReadAt is { } at
                ? HealthCheckResult.Healthy($"Keys read at {at:u}.")
                : new HealthCheckResult(
                    context.Registration.FailureStatus,
                    $"The keys of token issuer {options.Value.Issuer} are not known yet."
                )
        );
}
