using System.Data;
using ApiSvc.Analytics.Partitions;
using ApiSvc.Analytics.Records;
using ApiSvc.Analytics.Rollups;
using ApiSvc.Analytics.Texts;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Ingest;

/// <summary>
/// Takes in messages: their calls, rollups, lanes and positions in one transaction. When that fails nothing of it is kept
/// and the session ends; the next batch opens another.
/// </summary>
internal sealed class BatchWriter(
    NpgsqlDataSource database,
    PositionBook positions,
    string topic,
    PartitionBook partitions,
    TextDictionary texts,
    IngestMetrics metrics,
    TimeProvider time
) : IAsyncDisposable
{
    private readonly CopyBuffer _copy = new();
    private readonly MinuteWriter<ApiSeriesKey> _apis = new(
        RollupFamily.Api,
        new(SeriesTables.Api),
        ApiSeriesKey.Of
    );
    private readonly MinuteWriter<ApplicationSeriesKey> _applications = new(
        RollupFamily.Application,
        new(SeriesTables.Application),
        ApplicationSeriesKey.Of
    );
    private readonly MinuteWriter<SummarySeriesKey> _summaries = new(
        RollupFamily.Summary,
        new(SeriesTables.Summary),
        SummarySeriesKey.Of
    );
    private readonly MinuteWriter<ProviderSeriesKey> _providers = new(
        RollupFamily.Provider,
        new(SeriesTables.Provider),
        ProviderSeriesKey.Of
    );
    private IngestSession? _session;

    /// <param name="messages">Of each partition in its order.</param>
    /// <param name="cancellationToken">When it is cancelled nothing is taken.</param>
    /// <exception cref="PositionLostException">Another instance reads a partition of these now.</exception>
    /// <exception cref="NpgsqlException">The database is away, or refuses what the calls hold.</exception>
    public async Task WriteAsync(
        IReadOnlyList<CallMessage> messages,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        try
        {
            _session ??= await IngestSession.OpenAsync(database, cancellationToken);
            var taken = await WriteAsync(_session, messages, cancellationToken);
            metrics.Taken(taken, time.GetElapsedTime(started));
        }
        catch
        {
            await EndSessionAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => EndSessionAsync();

    private async ValueTask EndSessionAsync()
    {
        _apis.Forget();
        _applications.Forget();
        _summaries.Forget();
        _providers.Forget();
        partitions.Forget();
        if (_session is { } ended)
        {
            _session = null;
            await ended.DisposeAsync();
        }
    }

    private async Task<TakenBatch> WriteAsync(
        IngestSession session,
        IReadOnlyList<CallMessage> messages,
        CancellationToken cancellationToken
    )
    {
        var db = session.Connection;
        var calls = messages.SelectMany(m => m.Calls).ToList();
        await PrepareAsync(db, calls, cancellationToken);

        await using var transaction = await db.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        var now = time.GetUtcNow().UtcDateTime;
        await positions.MoveAsync(db, MovesOf(messages));
        var sorted = new BatchSorter(topic);
        await sorted.SortAsync(db, messages, now);
        if (sorted.Accepted.Count > 0)
        {
            await CopyAsync(db, sorted, cancellationToken);
            var accepted = sorted.Accepted.ConvertAll(a => a.Call);
            await _apis.AddAsync(db, session.Slot, accepted, cancellationToken);
            await _applications.AddAsync(db, session.Slot, accepted, cancellationToken);
            await _summaries.AddAsync(db, session.Slot, accepted, cancellationToken);
            await _providers.AddAsync(db, session.Slot, accepted, cancellationToken);
            await TouchHoursAsync(db, session.Slot, accepted);
            await CallNotice.SendAsync(db, CallNotice.Of(sorted.Accepted));
        }

        await transaction.CommitAsync(cancellationToken);
        return sorted.Result;
    }

    // What two instances may want at once is stored before the transaction, each in a statement of its own.
    private async Task PrepareAsync(
        NpgsqlConnection db,
        IReadOnlyList<ParsedCall> calls,
        CancellationToken cancellationToken
    )
    {
        var days = calls.Select(c => CallTimes.FromMicroseconds(c.StartUs).Date).Distinct();
        await partitions.EnsureAsync(PartitionedTable.OfCalls, days, cancellationToken);
        var used = new HashSet<TextEntry>();
        var today = texts.Today;
        foreach (var call in calls)
        {
            call.AddTexts(used, today);
        }

        await TextDictionary.StoreAsync(db, used, today, cancellationToken);
        var added = await _apis.StoreSeriesAsync(db, calls, cancellationToken);
        await OperationNames.LearnAsync(db, calls, added);
        await _applications.StoreSeriesAsync(db, calls, cancellationToken);
        await _summaries.StoreSeriesAsync(db, calls, cancellationToken);
        await _providers.StoreSeriesAsync(db, calls, cancellationToken);
    }

    private async Task CopyAsync(
        NpgsqlConnection db,
        BatchSorter sorted,
        CancellationToken cancellationToken
    )
    {
        _copy.Begin();
        foreach (var (call, lane) in sorted.Accepted)
        {
            CallTable.Write(_copy, call, lane);
        }

        _copy.End();
        await using var copy = await db.BeginRawBinaryCopyAsync(CallTable.Copy, cancellationToken);
        await copy.WriteAsync(_copy.Written, cancellationToken);
    }

    private static async Task TouchHoursAsync(
        NpgsqlConnection db,
        short slot,
        IReadOnlyList<ParsedCall> calls
    ) =>
        await db.ExecuteAsync(
            """
            insert into hour_touched (time, slot, version) select t, @slot, 1 from unnest(@hours) as t
            on conflict (time, slot) do update set version = hour_touched.version + 1
            """,
            new
            {
                slot,
                hours = calls
                    .Select(c => c.Minute / 60)
                    .Distinct()
                    .Order()
                    .Select(h => DateTime.UnixEpoch.AddHours(h))
                    .ToArray(),
            }
        );

    private static List<(int Partition, long From, long To)> MovesOf(
        IReadOnlyList<CallMessage> messages
    ) =>
        [
            .. messages
                .GroupBy(m => m.Partition)
                .OrderBy(g => g.Key)
                .Select(g => (g.Key, g.First().Before, g.Last().After)),
        ];
}
