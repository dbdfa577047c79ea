using System.Data;
using ApiSvc.Analytics.Partitions;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Rollups;

/// <summary>
/// Builds an hour from its minutes, and a day from its hours, anew whenever one of them changed. What is built and up to
/// which change is one transaction, so a query knows what it may rely on.
/// </summary>
internal sealed class LevelBuilder(NpgsqlDataSource database, PartitionBook partitions)
{
    /// <summary>Hours that changed since they were built, and are over.</summary>
    public async Task<IReadOnlyList<DateTime>> DirtyHoursAsync(
        DateTime over,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var hours = await db.QueryAsync<DateTime>(
            """
            select distinct t.time from hour_touched t left join hour_built b using (time, slot)
            where t.version is distinct from b.version and t.time + interval '1 hour' <= @over order by 1
            """,
            new { over }
        );
        return hours.AsList();
    }

    /// <summary>Days likewise, of which all hours are built.</summary>
    public async Task<IReadOnlyList<DateTime>> DirtyDaysAsync(
        DateTime over,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var days = await db.QueryAsync<DateTime>(
            """
            select d.time from day_touched d left join day_built b using (time)
            where d.version is distinct from b.version and d.time + interval '1 day' <= @over and not exists (
              select from hour_touched t left join hour_built h using (time, slot)
              where t.version is distinct from h.version and t.time >= d.time and t.time < d.time + interval '1 day')
            order by 1
            """,
            new { over }
        );
        return days.AsList();
    }

    public async Task BuildHourAsync(DateTime hour, CancellationToken cancellationToken)
    {
        await partitions.EnsureAsync(PartitionedTable.Hours, [hour], cancellationToken);
        await BuildAsync(
            f => new(f.Minute, f.Hour, hour, hour.AddHours(1)),
            """
            insert into hour_built (time, slot, version)
            select time, slot, version from hour_touched where time = @from
            on conflict (time, slot) do update set version = excluded.version;
            insert into day_touched (time, version) values (date_trunc('day', @from::timestamptz, 'UTC'), 1)
            on conflict (time) do update set version = day_touched.version + 1
            """,
            cancellationToken
        );
    }

    public Task BuildDayAsync(DateTime day, CancellationToken cancellationToken) =>
        BuildAsync(
            f => new(f.Hour, f.Day, day, day.AddDays(1)),
            """
            insert into day_built (time, version) select time, version from day_touched where time = @from
            on conflict (time) do update set version = excluded.version
            """,
            cancellationToken
        );

    private async Task BuildAsync(
        Func<RollupFamily, Step> stepOf,
        string note,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        // The parts and their versions must be of the same moment.
        await using var transaction = await db.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        DateTime from = default;
        foreach (var step in RollupFamily.OfCalls.Select(stepOf))
        {
            from = step.From;
            var cells = await ReadAsync(db, step, cancellationToken);
            await WriteAsync(db, step, cells, cancellationToken);
        }

        await db.ExecuteAsync(note, new { from });
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<Dictionary<int, Measures>> ReadAsync(
        NpgsqlConnection db,
        Step step,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            $"select series, {MeasureColumns.List} from {step.Source} where time >= $1 and time < $2",
            db
        )
        {
            Parameters =
            {
                new() { Value = step.From },
                new() { Value = step.To },
            },
            CommandTimeout = 300,
        };
        var cells = new Dictionary<int, Measures>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var series = reader.GetInt32(0);
            if (!cells.TryGetValue(series, out var cell))
            {
                cells[series] = cell = new();
            }

            MeasureColumns.AddTo(cell, reader, 1);
        }

        return cells;
    }

    private static async Task WriteAsync(
        NpgsqlConnection db,
        Step step,
        Dictionary<int, Measures> cells,
        CancellationToken cancellationToken
    )
    {
        await using var delete = new NpgsqlCommand($"delete from {step.Target} where time = $1", db)
        {
            Parameters = { new() { Value = step.From } },
        };
        await delete.ExecuteNonQueryAsync(cancellationToken);
        await using var insert = new NpgsqlCommand(
            $"""
            insert into {step.Target} (time, series, {MeasureColumns.List})
            select $1, * from unnest($2, {MeasureColumns.Placeholders(3)})
            """,
            db
        )
        {
            Parameters =
            {
                new() { Value = step.From },
                new() { Value = cells.Keys.ToArray() },
            },
            CommandTimeout = 300,
        };
        MeasureColumns.AddParameters(insert, [.. cells.Values]);
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed record Step(string Source, string Target, DateTime From, DateTime To);
}
