using ApiSvc.ServiceDefaults.Leadership;
using Dapper;

namespace ApiSvc.ServiceDefaults.Outbox;

/// <summary>What is to be done with an event after a try.</summary>
internal readonly record struct OutboxMark(long Position, PublishOutcome Outcome);

/// <summary>How much waits, and since when.</summary>
internal readonly record struct OutboxBacklog(long Waiting, DateTime? Oldest, long Failed);

/// <summary>The relay's view of the table, on the leader's connection: a former leader can neither mark nor delete.</summary>
internal sealed class OutboxStore(LeaderConnection leader)
{
    public const string Channel = "apisvc_outbox";

    public Task<List<OutboxMessage>> ReadWaitingAsync(int limit, CancellationToken token) =>
        leader.RunAsync(
            async db =>
                (
                    await db.QueryAsync<OutboxMessage>(
                        """
                        select position, id, topic, key, type, source, time, content_type as ContentType, payload,
                               traceparent, tracestate
                        from service.outbox
                        where published_at is null and failed_at is null
                        order by position
                        limit @limit
                        """,
                        new { limit }
                    )
                ).AsList(),
            token
        );

    public Task MarkAsync(
        IEnumerable<OutboxMark> marks,
        DateTimeOffset now,
        CancellationToken token
    )
    {
        var settled = marks.Where(m => m.Outcome.Status != PublishStatus.Unavailable).ToList();
        return settled.Count == 0
            ? Task.CompletedTask
            : leader.RunAsync(
                db =>
                    db.ExecuteAsync(
                        """
                        update service.outbox o
                        set published_at = case when m.failure is null then @now end,
                            failed_at = case when m.failure is not null then @now end,
                            failure = m.failure
                        from unnest(@positions, @failures) as m(position, failure)
                        where o.position = m.position
                        """,
                        new
                        {
                            now,
                            positions = settled.Select(m => m.Position).ToArray(),
                            failures = settled.Select(Failure).ToArray(),
                        }
                    ),
                token
            );
    }

    public Task<OutboxBacklog> MeasureAsync(CancellationToken token) =>
        leader.RunAsync(
            db =>
                db.QuerySingleAsync<OutboxBacklog>(
                    """
                    select (select count(*) from service.outbox where published_at is null and failed_at is null) as Waiting,
                           (select time from service.outbox where published_at is null and failed_at is null
                            order by position limit 1) as Oldest,
                           (select count(*) from service.outbox where failed_at is not null) as Failed
                    """
                ),
            token
        );

    /// <summary>Deletes a part of what was published before then.</summary>
    /// <returns>How many events; as many as <paramref name="limit"/> says if there may be more.</returns>
    public Task<int> DeletePublishedAsync(
        DateTimeOffset before,
        int limit,
        CancellationToken token
    ) =>
        leader.RunAsync(
            db =>
                db.ExecuteAsync(
                    """
                    delete from service.outbox where position in (
                      select position from service.outbox where published_at < @before
                      order by published_at limit @limit)
                    """,
                    new { before, limit }
                ),
            token
        );

    private static string? Failure(OutboxMark mark) =>
        mark.Outcome.Status == PublishStatus.Rejected ? mark.Outcome.Reason ?? "rejected" : null;
}
