using System.Runtime.InteropServices;
using ApiSvc.Analytics.Records;
using Npgsql;

namespace ApiSvc.Analytics.Rollups;

/// <summary>
/// Adds calls to the minutes of a family. Nobody else writes the rows of this slot as long as its session holds it, so what
/// was written once is remembered, and a batch writes whole rows without reading them first. After a failure
/// <see cref="Forget"/> must be called: memory is ahead of the table then.
/// </summary>
internal sealed class MinuteWriter<TKey>(
    RollupFamily family,
    SeriesDictionary<TKey> series,
    Func<ParsedCall, TKey> keyOf
)
    where TKey : struct
{
    // Minutes that are read whole when a batch comes to them; a batch that is spread wider reads just its cells.
    private const int MostWhole = 4;
    private const int MostRemembered = 8;

    private readonly int _place = RollupFamily.OfCalls.IndexOf(family);
    private readonly Dictionary<long, MinuteCells> _minutes = [];
    private long _batch;

    public void Forget() => _minutes.Clear();

    /// <summary>Gives calls the number of their series; those that are new are stored. Before the transaction.</summary>
    /// <returns>The keys of series that were not in memory.</returns>
    public async Task<IReadOnlyCollection<TKey>> StoreSeriesAsync(
        NpgsqlConnection db,
        IReadOnlyList<ParsedCall> calls,
        CancellationToken cancellationToken
    )
    {
        series.Trim();
        var missing = new HashSet<TKey>();
        var open = new List<ParsedCall>();
        foreach (var call in calls)
        {
            var key = keyOf(call);
            call.Series[_place] = series.Find(key);
            if (call.Series[_place] == 0)
            {
                missing.Add(key);
                open.Add(call);
            }
        }

        await series.StoreAsync(db, missing, cancellationToken);
        open.ForEach(call => call.Series[_place] = series.Find(keyOf(call)));
        return missing;
    }

    /// <summary>Adds calls that have numbers of series, in the transaction that the connection is in.</summary>
    public async Task AddAsync(
        NpgsqlConnection db,
        short slot,
        IReadOnlyList<ParsedCall> calls,
        CancellationToken cancellationToken
    )
    {
        _batch++;
        await LoadAsync(db, slot, calls, cancellationToken);
        var changed = new List<(long Minute, int Series, Measures Measures)>();
        foreach (var call in calls)
        {
            var cell = CellAt(call.Minute, call.Series[_place]);
            if (cell.ChangedBy != _batch)
            {
                cell.ChangedBy = _batch;
                changed.Add((call.Minute, call.Series[_place], cell.Measures));
            }

            cell.Measures.Add(call);
        }

        // In the order of the index: its pages are then found in memory.
        changed.Sort((a, b) => (a.Minute, a.Series).CompareTo((b.Minute, b.Series)));
        await WriteAsync(db, slot, changed, cancellationToken);
        Trim();
    }

    private MinuteCell CellAt(long minute, int ofSeries)
    {
        ref var cell = ref CollectionsMarshal.GetValueRefOrAddDefault(
            _minutes[minute].Cells,
            ofSeries,
            out _
        );
        return cell ??= new();
    }

    private async Task LoadAsync(
        NpgsqlConnection db,
        short slot,
        IReadOnlyList<ParsedCall> calls,
        CancellationToken cancellationToken
    )
    {
        var absent = new HashSet<long>();
        foreach (var minute in calls.Select(c => c.Minute).Distinct())
        {
            if (!_minutes.TryGetValue(minute, out var cells))
            {
                _minutes[minute] = cells = new();
                absent.Add(minute);
            }

            cells.UsedBy = _batch;
        }

        if (absent.Count == 0)
        {
            return;
        }

        var whole = absent.Count <= MostWhole;
        await using var command = new NpgsqlCommand(whole ? WholeSql : CellsSql, db);
        command.Parameters.Add(new() { Value = slot });
        if (whole)
        {
            command.Parameters.Add(new() { Value = absent.Select(TimeOf).ToArray() });
        }
        else
        {
            var cells = calls
                .Where(c => absent.Contains(c.Minute))
                .Select(c => (c.Minute, Series: c.Series[_place]))
                .Distinct()
                .ToList();
            command.Parameters.Add(new() { Value = cells.Select(c => TimeOf(c.Minute)).ToArray() });
            command.Parameters.Add(new() { Value = cells.Select(c => c.Series).ToArray() });
        }

        await ReadAsync(command, cancellationToken);
        foreach (var minute in absent)
        {
            _minutes[minute].IsWhole = whole;
        }
    }

    private async Task ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var minute =
                (reader.GetDateTime(0) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMinute;
            MeasureColumns.AddTo(CellAt(minute, reader.GetInt32(1)).Measures, reader, 2);
        }
    }

    private async Task WriteAsync(
        NpgsqlConnection db,
        short slot,
        List<(long Minute, int Series, Measures Measures)> cells,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(WriteSql, db);
        command.Parameters.Add(new() { Value = slot });
        command.Parameters.Add(new() { Value = cells.Select(c => TimeOf(c.Minute)).ToArray() });
        command.Parameters.Add(new() { Value = cells.Select(c => c.Series).ToArray() });
        MeasureColumns.AddParameters(command, cells.ConvertAll(c => c.Measures));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Minutes that were read in part are forgotten at once: the next batch may want other cells of them.
    private void Trim()
    {
        foreach (var part in _minutes.Where(m => !m.Value.IsWhole).Select(m => m.Key).ToList())
        {
            _minutes.Remove(part);
        }

        if (_minutes.Count > MostRemembered)
        {
            var oldest = _minutes.OrderBy(m => m.Value.UsedBy).ThenBy(m => m.Key);
            foreach (var minute in oldest.Take(_minutes.Count - MostRemembered).ToList())
            {
                _minutes.Remove(minute.Key);
            }
        }
    }

    private static DateTime TimeOf(long minute) => DateTime.UnixEpoch.AddMinutes(minute);

    private string WholeSql =>
        $"select time, series, {MeasureColumns.List} from {family.Minute} where slot = $1 and time = any($2)";

    private string CellsSql =>
        $"""
            select time, series, {MeasureColumns.List} from {family.Minute}
            join unnest($2, $3) as u (time, series) using (time, series) where slot = $1
            """;

    private string WriteSql =>
        $"""
            insert into {family.Minute} (slot, time, series, {MeasureColumns.List})
            select $1, * from unnest($2, $3, {MeasureColumns.Placeholders(4)})
            on conflict (time, series, slot) do update set {MeasureColumns.Assignments}
            """;
}
