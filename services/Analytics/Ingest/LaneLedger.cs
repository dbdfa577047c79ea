using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Ingest;

/// <summary>Reads what is known of lanes, in the transaction that takes calls of them, and writes what came.</summary>
internal sealed class LaneLedger
{
    private readonly Dictionary<LaneKey, Entry> _lanes = [];

    /// <summary>How many numbers are missing more than before.</summary>
    public long LostChange => _lanes.Values.Sum(l => l.State.LostChange);

    public int IdOf(LaneKey lane) => _lanes[lane].Id;

    public LaneState this[LaneKey lane] => _lanes[lane].State;

    /// <summary>Locks the lanes until the transaction ends; those that are new are made.</summary>
    public static async Task<LaneLedger> LockAsync(
        NpgsqlConnection db,
        IReadOnlyCollection<LaneKey> lanes,
        DateTime now
    )
    {
        var ledger = new LaneLedger();
        var parameters = new
        {
            spools = lanes.Select(l => l.Spool).ToArray(),
            lanes = lanes.Select(l => (long)l.Lane).ToArray(),
            now,
        };

        // In one order: two that take over from each other may want the same lanes. next_sequence -1: nothing came yet.
        await db.ExecuteAsync(
            """
            insert into lane (spool_id, lane, first_sequence, next_sequence, seen_at)
            select spool, lane, -1, -1, @now from unnest(@spools, @lanes) as u (spool, lane) order by spool, lane
            on conflict do nothing
            """,
            parameters
        );
        var rows = await db.QueryAsync<(int Id, Guid Spool, long Lane, long Next)>(
            """
            select l.id, l.spool_id, l.lane, l.next_sequence
            from lane l join unnest(@spools, @lanes) as u (spool, lane) on l.spool_id = spool and l.lane = u.lane
            order by l.id for update of l
            """,
            parameters
        );
        var found = rows.ToList();
        var gaps = await db.QueryAsync<(int Lane, long From, long To)>(
            "select lane_id, from_sequence, to_sequence from lost_range where lane_id = any(@ids)",
            new { ids = found.Select(r => r.Id).ToArray() }
        );
        var byLane = gaps.ToLookup(g => g.Lane, g => new Gap(g.From, g.To));
        foreach (var (id, spool, lane, next) in found)
        {
            ledger._lanes[new(spool, (uint)lane)] = new(
                id,
                new(next < 0 ? null : next, byLane[id]),
                [.. byLane[id]]
            );
        }

        return ledger;
    }

    public async Task SaveAsync(
        NpgsqlConnection db,
        IReadOnlyDictionary<LaneKey, (long First, string Node)> seen,
        DateTime now
    )
    {
        await db.ExecuteAsync(
            """
            update lane set next_sequence = u.next, seen_at = @now,
              first_sequence = case when first_sequence < 0 then u.first else first_sequence end,
              node = case when u.node = '' then lane.node else u.node end
            from unnest(@ids, @firsts, @nexts, @nodes) as u (id, first, next, node) where lane.id = u.id
            """,
            new
            {
                now,
                ids = seen.Keys.Select(IdOf).ToArray(),
                firsts = seen.Values.Select(s => s.First).ToArray(),
                nexts = seen.Keys.Select(l => this[l].Next ?? -1).ToArray(),
                nodes = seen.Values.Select(s => s.Node).ToArray(),
            }
        );
        foreach (var lane in _lanes.Values.Where(l => !l.State.Gaps.SequenceEqual(l.Before)))
        {
            await db.ExecuteAsync(
                """
                delete from lost_range where lane_id = @Id and not (from_sequence, to_sequence) in (
                  select * from unnest(@from, @to))
                """,
                ParametersOf(lane, now)
            );
            await db.ExecuteAsync(
                """
                insert into lost_range (lane_id, from_sequence, to_sequence, found_at)
                select @Id, f, t, @now from unnest(@from, @to) as u (f, t) on conflict do nothing
                """,
                ParametersOf(lane, now)
            );
        }
    }

    private static object ParametersOf(Entry lane, DateTime now) =>
        new
        {
            lane.Id,
            now,
            from = lane.State.Gaps.Select(g => g.From).ToArray(),
            to = lane.State.Gaps.Select(g => g.To).ToArray(),
        };

    private sealed record Entry(int Id, LaneState State, IReadOnlyList<Gap> Before);
}
