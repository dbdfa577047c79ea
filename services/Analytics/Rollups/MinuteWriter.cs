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

    private readonly Dictionary<long, MinuteCells> _minutes = [];
    private long _batch;

    public void Forget() => _minutes.Clear();

    /// <summary>Stores the series of calls that are new. Before the transaction.</summary>
    public Task<IReadOnlyCollection<TKey>> StoreSeriesAsync(
        NpgsqlConnection db,
        IEnumerable<ParsedCall> calls,
        CancellationToken cancellationToken
    ) => series.StoreAsync(db, calls.Select(keyOf), cancellationToken);

    /// <summary>Adds calls, in the transaction that the connection is in.</summary>
    public async Task AddAsync(
        NpgsqlConnection db,
        short slot,
        IReadOnlyList<ParsedCall> calls,
        CancellationToken cancellationToken
    )
    {
        _batch++;
        var places = calls
            .GroupBy(c => new Place(c.Minute, series[keyOf(c)]))
            .OrderBy(g => g.Key.Minute)
            .ThenBy(g => g.Key.Series)
            .ToList();
        await LoadAsync(db, slot, [.. places.Select(p => p.Key)], cancellationToken);

        var cells = new List<Measures>(places.Count);
        foreach (var place in places)
        {
            var cell = CellAt(place.Key);
            foreach (var call in place)
            {
                cell.Add(call);
            }

            cells.Add(cell);
        }

        await WriteAsync(db, slot, [.. places.Select(p => p.Key)], cells, cancellationToken);
        Trim();
    }

    private Measures CellAt(Place place)
    {
        var minute = _minutes[place.Minute];
        if (!minute.Cells.TryGetValue(place.Series, out var cell))
        {
            minute.Cells[place.Series] = cell = new();
        }

        return cell;
    }

    private async Task LoadAsync(
        NpgsqlConnection db,
        short slot,
        IReadOnlyList<Place> places,
        CancellationToken cancellationToken
    )
    {
        var absent = new List<long>();
        foreach (var minute in places.Select(p => p.Minute).Distinct())
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
            var wanted = absent.ToHashSet();
            var cells = places.Where(p => wanted.Contains(p.Minute)).ToList();
            command.Parameters.Add(new() { Value = cells.Select(p => TimeOf(p.Minute)).ToArray() });
            command.Parameters.Add(new() { Value = cells.Select(p => p.Series).ToArray() });
        }

        await ReadAsync(command, cancellationToken);
        absent.ForEach(minute => _minutes[minute].IsWhole = whole);
    }

    private async Task ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var minute =
                (reader.GetDateTime(0) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMinute;
            var cell = CellAt(new(minute, reader.GetInt32(1)));
            MeasureColumns.AddTo(cell, reader, 2);
        }
    }

    private async Task WriteAsync(
        NpgsqlConnection db,
        short slot,
        IReadOnlyList<Place> places,
        IReadOnlyList<Measures> cells,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(WriteSql, db);
        command.Parameters.Add(new() { Value = slot });
        command.Parameters.Add(new() { Value = places.Select(p => TimeOf(p.Minute)).ToArray() });
        command.Parameters.Add(new() { Value = places.Select(p => p.Series).ToArray() });
        MeasureColumns.AddParameters(command, cells);
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

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Place(long Minute, int Series);
}
