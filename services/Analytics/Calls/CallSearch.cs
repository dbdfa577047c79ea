using System.Runtime.CompilerServices;
using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Analytics.Calls;

/// <summary>
/// Finds calls, newest first. It walks back in windows of time, each a statement of its own and twice as long as the one
/// before: what matches nothing is then not a walk through everything.
/// </summary>
internal sealed class CallSearch(
    NpgsqlDataSource database,
    CallTexts texts,
    IOptions<QueryOptions> options,
    TimeProvider time
)
{
    private static readonly TimeSpan FirstWindow = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LongestWindow = TimeSpan.FromHours(12);

    // The id has the time at which it was made, to the millisecond, by the clock that also tells the start.
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(1);

    /// <summary>A page of a list.</summary>
    public async Task<Page<CallDocument>> PageAsync(
        CallFilter filter,
        QueryRange range,
        PageRequest<(DateTimeOffset, Guid)> page,
        CancellationToken cancellationToken
    )
    {
        var after = page.After is var (start, id) ? new CallPlace(start.UtcDateTime, id) : null;
        var found = await FindAsync(filter, range, after, page.Fetch, cancellationToken);
        return found.Rows.Count > page.Limit
            ? page.ToPage(
                [.. found.Calls.Take(page.Limit)],
                KeyOf(CallPlace.Of(found.Rows[page.Limit - 1]))
            )
            : page.ToPage(found.Calls, found.GoOn is { } place ? KeyOf(place) : null);

        static (DateTimeOffset, Guid) KeyOf(CallPlace place) =>
            (new(place.Time, TimeSpan.Zero), place.Id);
    }

    /// <summary>Up to a number of calls; less, and where to go on, when the time is up.</summary>
    internal async Task<FoundCalls> FindAsync(
        CallFilter filter,
        QueryRange range,
        CallPlace? after,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var found = new List<CallRow>();
        var begun = time.GetTimestamp();
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        foreach (var window in Windows(range, after))
        {
            var before = found.Count > 0 ? CallPlace.Of(found[^1]) : window.Before;
            var sql = CallSql.Newest(filter, window.From, before, limit - found.Count);
            await foreach (var row in ReadAsync(db, sql, cancellationToken))
            {
                found.Add(row);
            }

            if (found.Count >= limit)
            {
                break;
            }

            if (window.From > range.From && time.GetElapsedTime(begun) > options.Value.SearchTime)
            {
                // Everything from the window's start on was looked at.
                return await PublishAsync(
                    found,
                    filter,
                    new(window.From, Guid.Empty),
                    cancellationToken
                );
            }
        }

        return await PublishAsync(found, filter, null, cancellationToken);
    }

    /// <summary>All of a range, up to a number.</summary>
    public async IAsyncEnumerable<CallDocument> StreamAsync(
        CallFilter filter,
        QueryRange range,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        const int Chunk = 1000;
        var left = options.Value.ExportCalls;
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        foreach (var window in Windows(range, null))
        {
            var sql = CallSql.Newest(filter, window.From, window.Before, left);
            await foreach (
                var chunk in ReadAsync(db, sql, cancellationToken)
                    .Chunk(Chunk)
                    .WithCancellation(cancellationToken)
            )
            {
                left -= chunk.Length;
                foreach (
                    var call in await texts.PublishAsync(chunk, filter.Scope, cancellationToken)
                )
                {
                    yield return call;
                }
            }

            if (left <= 0)
            {
                yield break;
            }
        }
    }

    /// <summary>One call in full.</summary>
    public async Task<Outcome<CallDocument>> GetAsync(
        QueryScope scope,
        string id,
        CancellationToken cancellationToken
    )
    {
        var wanted =
            Id<CallKind>.TryParse(id, out var call) ? call.Value
            : Guid.TryParseExact(id, "D", out var plain) ? plain
            : Guid.Empty;
        if (wanted.Version != 7)
        {
            return ApiProblem.NotFound;
        }

        var made = TimeOf(wanted);
        if (made is not { } at)
        {
            return ApiProblem.NotFound;
        }

        var filter = CallFilter.Of(scope, new(), QueryCheck.ForRest());
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var sql = CallSql.One(filter, wanted, at - Apart, at + Apart);
        await foreach (var row in ReadAsync(db, sql, cancellationToken))
        {
            return (await texts.PublishAsync([row], scope, cancellationToken))[0];
        }

        return ApiProblem.NotFound;
    }

    private async Task<FoundCalls> PublishAsync(
        List<CallRow> rows,
        CallFilter filter,
        CallPlace? goOn,
        CancellationToken cancellationToken
    ) => new(await texts.PublishAsync(rows, filter.Scope, cancellationToken), rows, goOn);

    private async IAsyncEnumerable<CallRow> ReadAsync(
        NpgsqlConnection db,
        SqlText sql,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await using var command = sql.ToCommand(db, options.Value.Timeout);
        NpgsqlDataReader reader;
        try
        {
            reader = await command.ExecuteReaderAsync(cancellationToken);
        }
        catch (NpgsqlException e) when (e.InnerException is TimeoutException)
        {
            throw new ApiProblemException(QueryEngine.TooSlow);
        }

        await using (reader)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                yield return CallRow.Read(reader);
            }
        }
    }

    private static IEnumerable<(DateTime From, CallPlace Before)> Windows(
        QueryRange range,
        CallPlace? after
    )
    {
        // Nothing starts at 'to' itself: it is excluded.
        var before =
            after is not null && after.Time < range.To
                ? after
                : new CallPlace(range.To, Guid.Empty);
        for (var length = FirstWindow; before.Time > range.From; length *= 2)
        {
            var from = before.Time - (length < LongestWindow ? length : LongestWindow);
            from = from > range.From ? from : range.From;
            yield return (from, before);
            before = new(from, Guid.Empty);
        }
    }

    private static DateTime? TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        var ms = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
        return ms < 253_000_000_000_000 ? DateTime.UnixEpoch.AddMilliseconds(ms) : null;
    }
}

/// <summary>A page of calls.</summary>
/// <param name="Calls">What is shown.</param>
/// <param name="Rows">The same as rows.</param>
/// <param name="GoOn">Where to go on, when the time was up.</param>
internal sealed record FoundCalls(
    IReadOnlyList<CallDocument> Calls,
    IReadOnlyList<CallRow> Rows,
    CallPlace? GoOn
);
