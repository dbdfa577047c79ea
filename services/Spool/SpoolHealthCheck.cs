using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.Spool;

/// <summary>
/// Degraded while records are lost: the service goes on without them, and somebody has to look. Never unhealthy: an
/// orchestrator must not take the service away because of it.
/// </summary>
internal sealed class SpoolHealthCheck(RecordSpool spool, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(1);

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) => Task.FromResult(Judge(spool.Status, time.GetUtcNow()));

    internal static HealthCheckResult Judge(SpoolStatus status, DateTimeOffset now)
    {
        if (status.Failure is { } failure)
        {
            return HealthCheckResult.Degraded($"No file can be made: {failure} {Losses(status)}");
        }

        return status.LostAt is { } at && now - at < Recent
            ? HealthCheckResult.Degraded(
                $"Records were lost within the last minute. {Losses(status)}"
            )
            : HealthCheckResult.Healthy(
                string.Create(CultureInfo.InvariantCulture, $"{status.Bytes} bytes on the disk.")
            );
    }

    private static string Losses(SpoolStatus status) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Since the start: {status.DroppedForRoom} without room, {status.DroppedForBound} at the bound, {status.Corrupted} unreadable, {status.Rejected} refused by Kafka."
        );
}
