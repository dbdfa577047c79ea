using ApiSvc.ServiceDefaults.Leadership;
using Microsoft.Extensions.Options;

namespace ApiSvc.Analytics.Rollups;

/// <summary>Builds hours and days in the background, by one instance.</summary>
internal sealed class LevelService(
    LevelBuilder builder,
    LeaderElection election,
    IOptions<RollupOptions> options,
    TimeProvider time
) : LeaderService("analytics-levels", election)
{
    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var over = (time.GetUtcNow() - options.Value.Delay).UtcDateTime;
            foreach (var hour in await builder.DirtyHoursAsync(over, cancellationToken))
            {
                await builder.BuildHourAsync(hour, cancellationToken);
            }

            foreach (var day in await builder.DirtyDaysAsync(over, cancellationToken))
            {
                await builder.BuildDayAsync(day, cancellationToken);
            }

            await Task.Delay(options.Value.Interval, time, cancellationToken);
        }
    }
}
