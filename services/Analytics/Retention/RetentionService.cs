using ApiSvc.ServiceDefaults.Leadership;
using Microsoft.Extensions.Options;

namespace ApiSvc.Analytics.Retention;

/// <summary>Drops what is past its time, and makes the partitions of the next days, by one instance.</summary>
internal sealed class RetentionService(
    RetentionRun run,
    LeaderElection election,
    IOptions<RetentionOptions> options,
    TimeProvider time
) : LeaderService("analytics-retention", election)
{
    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            await run.RunAsync(cancellationToken);
            await Task.Delay(options.Value.Interval, time, cancellationToken);
        }
    }
}
