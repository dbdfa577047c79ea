using ApiSvc.Analytics.Ingest;
using ApiSvc.Analytics.Partitions;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Analytics.Retention;

/// <summary>One look at what is to be dropped, and what is to be made ahead.</summary>
internal sealed partial class RetentionRun(
    NpgsqlDataSource database,
    PartitionBook partitions,
    IngestMetrics metrics,
    IOptions<RetentionOptions> options,
    TimeProvider time,
    ILogger<RetentionRun> logger
)
{
    private const long Gigabyte = 1_000_000_000;
    private const int DaysAhead = 2;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var today = time.GetUtcNow().UtcDateTime.Date;
        var ahead = Enumerable.Range(0, DaysAhead + 1).Select(d => today.AddDays(d)).ToList();
        await partitions.EnsureAsync(PartitionedTable.OfCalls, ahead, cancellationToken);
        await partitions.EnsureAsync(PartitionedTable.Hours, ahead, cancellationToken);

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await DropCallsAsync(db, today, cancellationToken);
        await DropMinutesAsync(db, today, cancellationToken);
        await DropHoursAsync(db, today, cancellationToken);
        await DropRowsAsync(db, today);
        metrics.Lost(
            await db.ExecuteScalarAsync<long>(
                "select coalesce(sum(to_sequence - from_sequence), 0)::bigint from lost_range"
            )
        );
    }

    // By age; then the oldest days until what is left has the size. The day that is being written stays.
    private async Task DropCallsAsync(
        NpgsqlConnection db,
        DateTime today,
        CancellationToken cancellationToken
    )
    {
        var days = await PartitionBook.ListAsync(db, PartitionedTable.Call);
        var oldest = today.AddDays(-options.Value.CallDays);
        var total = days.Sum(d => d.Bytes);
        foreach (var day in days.Where(d => d.Start < today))
        {
            if (day.Start >= oldest && total <= options.Value.CallGigabytes * Gigabyte)
            {
                break;
            }

            await KeepFromAsync(db, "call", day.End);
            await DropAsync(db, PartitionedTable.Call, day, cancellationToken);
            total -= day.Bytes;
        }
    }

    // Not before the hours of a day are built: they are all that is left of it then.
    private async Task DropMinutesAsync(
        NpgsqlConnection db,
        DateTime today,
        CancellationToken cancellationToken
    )
    {
        var oldest = today.AddDays(-options.Value.MinuteDays);
        foreach (var table in PartitionedTable.Minutes)
        {
            foreach (var day in await PartitionBook.ListAsync(db, table))
            {
                if (day.Start >= oldest || await IsDirtyAsync(db, day))
                {
                    break;
                }

                await KeepFromAsync(db, "minute", day.End);
                await DropAsync(db, table, day, cancellationToken);
            }
        }
    }

    private async Task DropHoursAsync(
        NpgsqlConnection db,
        DateTime today,
        CancellationToken cancellationToken
    )
    {
        var oldest = today.AddDays(-options.Value.HourDays);
        foreach (var table in PartitionedTable.Hours)
        {
            foreach (var month in await PartitionBook.ListAsync(db, table))
            {
                if (month.End > oldest || await IsDirtyAsync(db, month))
                {
                    break;
                }

                await KeepFromAsync(db, "hour", month.End);
                await DropAsync(db, table, month, cancellationToken);
            }
        }
    }

    private static Task<bool> IsDirtyAsync(NpgsqlConnection db, Partition partition) =>
        db.ExecuteScalarAsync<bool>(
            """
            select exists (
              select from hour_touched t left join hour_built b using (time, slot)
              where t.version is distinct from b.version and t.time >= @Start and t.time < @End)
            or exists (
              select from day_touched t left join day_built b using (time)
              where t.version is distinct from b.version and t.time >= @Start and t.time < @End)
            """,
            new { partition.Start, partition.End }
        );

    private static Task<int> KeepFromAsync(NpgsqlConnection db, string level, DateTime since) =>
        db.ExecuteAsync(
            """
            insert into kept_since (level, time) values (@level, @since)
            on conflict (level) do update set time = greatest(kept_since.time, excluded.time)
            """,
            new { level, since }
        );

    private async Task DropAsync(
        NpgsqlConnection db,
        PartitionedTable table,
        Partition partition,
        CancellationToken cancellationToken
    )
    {
        await partitions.DropAsync(db, table, partition, cancellationToken);
        Log.Dropped(logger, partition.Name, partition.Bytes);
    }

    private async Task DropRowsAsync(NpgsqlConnection db, DateTime today)
    {
        await db.ExecuteAsync(
            "delete from set_aside where set_aside_at < @before",
            new { before = today.AddDays(-options.Value.SetAsideDays) }
        );
        // Noted on the day of use at the latest, and a batch may be under way: two days more.
        await db.ExecuteAsync(
            "delete from text_value where used_on < @before",
            new
            {
                before = today.AddDays(
                    -Math.Max(options.Value.CallDays, options.Value.MinuteDays) - 2
                ),
            }
        );
        await db.ExecuteAsync(
            """
            delete from hour_touched where time < (select time from kept_since where level = 'minute');
            delete from hour_built where time < (select time from kept_since where level = 'minute')
            """
        );
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Dropped {Partition} of {Bytes} bytes")]
        public static partial void Dropped(ILogger logger, string partition, long bytes);
    }
}
