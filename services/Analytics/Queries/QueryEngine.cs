using System.Data;
using System.Runtime.InteropServices;
using ApiSvc.Analytics.Rollups;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Analytics.Queries;

/// <summary>Counts: finds where the numbers are, reads them in one snapshot, and adds them up.</summary>
internal sealed class QueryEngine(NpgsqlDataSource database, IOptions<QueryOptions> options)
{
    /// <exception cref="ApiProblemException">400: there are no such numbers any more; 503: it takes too long.</exception>
    public async Task<IReadOnlyDictionary<Cell, Measures>> CountAsync(
        CallQuestion question,
        QueryCheck check,
        CancellationToken cancellationToken
    )
    {
        var sources = question.Sources();
        if (
            sources.Any(s => s.Family is null)
            && question.Range.Length > TimeSpan.FromDays(options.Value.CountedDays)
        )
        {
            check.Add(
                "from",
                "range",
                $"By versions or operations, what applications do is counted call by call: at most {options.Value.CountedDays} days. With side=provider, and without applications, subscriptions and plans, it may be more."
            );
            check.ThrowIfWrong();
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        // What is built and what is not must be of the same moment as the numbers.
        await using var snapshot = await db.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        var cells = new Dictionary<Cell, Measures>();
        try
        {
            await db.ExecuteAsync(Planning);
            foreach (var source in sources)
            {
                await ReadAsync(db, question, source, check, cells, cancellationToken);
            }
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            throw new ApiProblemException(TooSlow);
        }

        return cells;
    }

    // What is asked about is mostly in memory, so rows at random cost hardly more than rows in a sequence; and compiling a
    // statement takes longer than these do.
    private const string Planning = """
        set local random_page_cost = 1.1;
        set local jit = off;
        set local work_mem = '64MB'
        """;

    public static ApiProblem TooSlow { get; } =
        new()
        {
            Status = 503,
            Code = "query-too-slow",
            Detail = "The query takes too long. Ask for a shorter range or for less.",
        };

    private async Task ReadAsync(
        NpgsqlConnection db,
        CallQuestion question,
        CallSource source,
        QueryCheck check,
        Dictionary<Cell, Measures> cells,
        CancellationToken cancellationToken
    )
    {
        SqlText sql;
        if (source.Family is not { } family)
        {
            sql = CountSql.Write(question, source);
        }
        else
        {
            var state = await StateAsync(db, question.Range);
            var parts = TimeParts.Of(question.Range, question.Interval, state, check);
            check.ThrowIfWrong();
            var fewer = question.Range.From >= state.SummariesSince ? source.Summary : null;
            sql = RollupSql.Write(question, source.Side, fewer ?? family, parts);
        }

        await using var command = sql.ToCommand(db, options.Value.Timeout);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var cell = CellAt(cells, new(reader.GetDateTime(0), reader.GetString(1)));
            if (source.Family is null)
            {
                MeasureColumns.AddNumbersTo(cell, reader, 3);
                cell.Latency.Add(reader.GetInt32(2), reader.GetInt64(3));
            }
            else
            {
                MeasureColumns.AddSumsTo(cell, reader, 2, question.Measures);
            }
        }
    }

    private static Measures CellAt(Dictionary<Cell, Measures> cells, Cell key)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(cells, key, out _);
        return cell ??= new();
    }

    private static async Task<RollupState> StateAsync(NpgsqlConnection db, QueryRange range)
    {
        var hours = await db.QueryAsync<DateTime>(
            """
            select distinct t.time from hour_touched t left join hour_built b using (time, slot)
            where t.version is distinct from b.version and t.time > @From - interval '1 day' and t.time < @To
            """,
            new { range.From, range.To }
        );
        var days = await db.QueryAsync<DateTime>(
            """
            select t.time from day_touched t left join day_built b using (time)
            where t.version is distinct from b.version and t.time > @From - interval '1 day' and t.time < @To
            """,
            new { range.From, range.To }
        );
        var kept = (
            await db.QueryAsync<(string Level, DateTime Time)>("select level, time from kept_since")
        ).ToDictionary(k => k.Level, k => k.Time);
        var dirty = hours.ToHashSet();
        return new(
            dirty,
            days.Concat(dirty.Select(h => h.Date)).ToHashSet(),
            kept.GetValueOrDefault("minute", DateTime.MinValue),
            kept.GetValueOrDefault("hour", DateTime.MinValue),
            kept.GetValueOrDefault("summary", DateTime.MinValue)
        );
    }
}

/// <summary>Where a number belongs.</summary>
/// <param name="Time">The start of the point.</param>
/// <param name="Key">The dimension's value as SQL writes it; empty for the total.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Cell(DateTime Time, string Key);
