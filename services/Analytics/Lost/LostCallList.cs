using ApiSvc.ServiceDefaults.Paging;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Lost;

/// <summary>Calls that gateways numbered and that never came.</summary>
internal sealed class LostCallList(NpgsqlDataSource database)
{
    public async Task<Page<LostDocument>> ListAsync(
        PageRequest<(long, long)> page,
        CancellationToken cancellationToken
    )
    {
        var (lane, sequence) = page.After ?? (0, -1);
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var rows = await db.QueryAsync<LostRow>(
            """
            select r.lane_id as LaneId, l.spool_id as SpoolId, l.lane as Lane, l.node as Node,
              r.from_sequence as FromSequence, r.to_sequence - r.from_sequence as Count, r.found_at as FoundAt
            from lost_range r join lane l on l.id = r.lane_id
            where (r.lane_id, r.from_sequence) > (@lane, @sequence) order by r.lane_id, r.from_sequence limit @Fetch
            """,
            new
            {
                lane,
                sequence,
                page.Fetch,
            }
        );
        return page.ToPage(
            rows.AsList(),
            row => (row.LaneId, row.FromSequence),
            row => new LostDocument(
                row.SpoolId,
                row.Lane,
                row.Node,
                row.FromSequence,
                row.Count,
                row.FoundAt
            )
        );
    }

    /// <summary>All of them.</summary>
    public async Task<LostTotals> TotalsAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var (lost, aside) = await db.QuerySingleAsync<(long, long)>(
            """
            select (select coalesce(sum(to_sequence - from_sequence), 0)::bigint from lost_range),
              (select count(*) from set_aside)
            """
        );
        return new(lost, aside);
    }

    private sealed record LostRow
    {
        public long LaneId { get; init; }

        public Guid SpoolId { get; init; }

        public long Lane { get; init; }

        public string Node { get; init; } = "";

        public long FromSequence { get; init; }

        public long Count { get; init; }

        public DateTimeOffset FoundAt { get; init; }
    }
}

/// <summary>Numbers of a lane that were skipped.</summary>
internal sealed record LostDocument(
    Guid SpoolId,
    long Lane,
    string Node,
    long FromSequence,
    long Count,
    DateTimeOffset FoundAt
);

/// <summary>How many calls are missing, and how many messages and records could not be read.</summary>
internal sealed record LostTotals(long Lost, long SetAside);
