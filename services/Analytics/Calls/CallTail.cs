using System.Runtime.CompilerServices;
using ApiSvc.Analytics.Records;
using ApiSvc.ServiceDefaults.Draining;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Analytics.Calls;

/// <summary>Calls as they are taken in, by whichever instance.</summary>
internal sealed class CallTail(
    NpgsqlDataSource database,
    CallNotices notices,
    CallTexts texts,
    IDrainState drain,
    IOptions<Queries.QueryOptions> options,
    TimeProvider time
)
{
    // Of a batch no reader reads more.
    private const int MostOfALane = 500;

    /// <summary>
    /// The first list is empty: from then on nothing is missed. Ends by itself after a while, and when the service drains.
    /// </summary>
    public async IAsyncEnumerable<IReadOnlyList<CallDocument>> FollowAsync(
        CallFilter filter,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var end = new CancellationTokenSource(options.Value.TailTime, time);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            drain.DrainToken,
            end.Token
        );
        await using var told = notices.FollowAsync(any.Token).GetAsyncEnumerator(any.Token);
        var next = told.MoveNextAsync().AsTask();
        await notices.WaitUntilHeardAsync(any.Token);
        yield return [];
        for (; await NextAsync(next, cancellationToken); next = told.MoveNextAsync().AsTask())
        {
            var notice = told.Current;
            foreach (var lane in notice.Lanes)
            {
                var rows = await ReadAsync(filter, notice, lane, cancellationToken);
                if (rows.Count > 0)
                {
                    yield return await texts.PublishAsync(rows, filter.Scope, cancellationToken);
                }
            }
        }
    }

    private static async Task<bool> NextAsync(Task<bool> next, CancellationToken cancellationToken)
    {
        try
        {
            return await next;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<List<CallRow>> ReadAsync(
        CallFilter filter,
        Ingest.CallNotice notice,
        Ingest.LaneRange lane,
        CancellationToken cancellationToken
    )
    {
        var sql = CallSql.OfLane(
            filter,
            CallTimes.FromMicroseconds(notice.FirstUs),
            CallTimes.FromMicroseconds(notice.LastUs),
            lane,
            MostOfALane
        );
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await using var command = sql.ToCommand(db, options.Value.Timeout);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<CallRow>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(CallRow.Read(reader));
        }

        return rows;
    }
}
