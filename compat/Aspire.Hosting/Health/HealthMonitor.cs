using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Health;

/// <summary>Runs the health checks of a resource as long as it runs: often until they pass, seldom after that.</summary>
internal sealed class HealthMonitor(HealthCheckService checks, TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan UntilHealthy = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WhenHealthy = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<string> KeysOf(IResource resource) =>
        [.. resource.Annotations.OfType<HealthCheckAnnotation>().Select(a => a.Key).Distinct()];

    /// <summary>The reports of checks that have not run yet.</summary>
    public static ImmutableArray<HealthReportSnapshot> Unknown(IResource resource) =>
        [
            .. KeysOf(resource)
                .Select(key => new HealthReportSnapshot(key, Status: null, null, null)),
        ];

    public static bool AreHealthy(ImmutableArray<HealthReportSnapshot> reports) =>
        reports.All(r => r.Status == HealthStatus.Healthy);

    /// <summary>The reports, whenever they changed.</summary>
    public async IAsyncEnumerable<ImmutableArray<HealthReportSnapshot>> WatchAsync(
        IResource resource,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var keys = KeysOf(resource);
        if (keys.Count == 0)
        {
            yield return [];
            yield break;
        }

        var last = ImmutableArray<HealthReportSnapshot>.Empty;
        var pause = First;
        while (true)
        {
            var reports = await CheckAsync(keys, cancellationToken);
            if (!Same(last, reports))
            {
                last = reports;
                yield return reports;
            }

            if (AreHealthy(reports))
            {
                pause = WhenHealthy;
            }
            else
            {
                pause = pause < UntilHealthy ? pause * 2 : UntilHealthy;
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<ImmutableArray<HealthReportSnapshot>> CheckAsync(
        IReadOnlyList<string> keys,
        CancellationToken cancellationToken
    )
    {
        var report = await checks.CheckHealthAsync(c => keys.Contains(c.Name), cancellationToken);
        var now = time.GetUtcNow().UtcDateTime;
        return
        [
            .. keys.Select(key =>
                report.Entries.TryGetValue(key, out var entry)
                    ? new HealthReportSnapshot(
                        key,
                        entry.Status,
                        entry.Description,
                        entry.Exception?.Message
                    )
                    {
                        LastRunAt = now,
                    }
                    : new HealthReportSnapshot(
                        key,
                        HealthStatus.Unhealthy,
                        $"No health check '{key}' is registered.",
                        ExceptionText: null
                    )
            ),
        ];
    }

    private static bool Same(
        ImmutableArray<HealthReportSnapshot> one,
        ImmutableArray<HealthReportSnapshot> other
    ) =>
        one.Select(r => r with { LastRunAt = null })
            .SequenceEqual(other.Select(r => r with { LastRunAt = null }));
}
