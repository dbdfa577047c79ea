using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.Gateway.Sync;

/// <summary>
/// Unready while a gateway never had a state: it would answer 404 for APIs that there are. One that has lost contact
/// serves what it has and stays ready.
/// </summary>
internal sealed class StateHealthCheck(LogFollower follower) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        var status = follower.Status;
        if (!status.HasState)
        {
            var never = status.Damage is []
                ? $"The gateway has never had {With(follower.Name)}."
                : $"The gateway has no {follower.Name} that it can use.{DamageOf(status)}";
            return Task.FromResult(
                new HealthCheckResult(
                    context.Registration.FailureStatus,
                    status.Refused is null ? never : $"{never} What came was refused."
                )
            );
        }

        var contact = status.IsConnected
            ? "up to date with its source"
            : $"without its source since {status.HeardAt?.ToString("u") ?? "the start"}";
        return Task.FromResult(
            HealthCheckResult.Healthy(
                $"Generation {status.Applied}, {contact}, {status.Quarantined.Count} resources set aside.{DamageOf(status)}"
            )
        );
    }

    private static string DamageOf(FollowerStatus status) =>
        status.Damage is []
            ? ""
            : $" On its disk was not whole: {string.Join("; ", status.Damage)}.";

    private static string With(string log) => log == "credentials" ? log : $"a {log}";
}
