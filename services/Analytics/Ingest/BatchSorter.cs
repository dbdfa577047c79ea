using ApiSvc.Analytics.Records;
using Npgsql;

namespace ApiSvc.Analytics.Ingest;

/// <summary>Parts what is new from repeats, by the numbers of the lanes, and from what cannot be read.</summary>
internal sealed class BatchSorter(string topic)
{
    /// <summary>Calls that are new, with their lane.</summary>
    public List<AcceptedCall> Accepted { get; } = [];

    public TakenBatch Result { get; private set; } = new(0, 0, 0, 0);

    /// <summary>Sorts, and writes down lanes, gaps and what is set aside.</summary>
    public async Task SortAsync(
        NpgsqlConnection db,
        IReadOnlyList<CallMessage> messages,
        DateTime now
    )
    {
        var readable = messages.Where(m => m.Fault is null && m.Count > 0).ToList();
        var aside = messages
            .Where(m => m.Fault is not null)
            .Select(m => new SetAsideRow(m, null, m.Fault!, m.Value))
            .ToList();
        var repeats = 0L;
        var lost = 0L;
        if (readable.Count > 0)
        {
            var lanes = readable.Select(LaneOf).ToHashSet();
            var ledger = await LaneLedger.LockAsync(db, lanes, now);
            foreach (var message in readable)
            {
                repeats += message.Count - Sort(message, ledger, aside);
            }

            lost = ledger.LostChange;
            await ledger.SaveAsync(db, SeenOf(readable), now);
        }

        await SetAside.AddAsync(db, topic, aside, now);
        Result = new(Accepted.Count, repeats, lost, aside.Count);
    }

    /// <returns>How many numbers of the message are new.</returns>
    private long Sort(CallMessage message, LaneLedger ledger, List<SetAsideRow> aside)
    {
        var lane = LaneOf(message);
        var id = ledger.IdOf(lane);
        var fresh = ledger[lane].Take(message.FirstSequence, message.Count);
        if (fresh.Count == 0)
        {
            return 0;
        }

        foreach (var call in message.Calls)
        {
            if (IsIn(fresh, call.Sequence))
            {
                Accepted.Add(new(call, id));
            }
        }

        aside.AddRange(
            message
                .Faulty.Where(f => IsIn(fresh, message.FirstSequence + f.Index))
                .Select(f => new SetAsideRow(message, f.Index, f.Reason, f.Payload))
        );
        return fresh.Sum(f => f.Count);
    }

    // Nearly always one range.
    private static bool IsIn(IReadOnlyList<Gap> ranges, long number)
    {
        for (var i = 0; i < ranges.Count; i++)
        {
            if (ranges[i].Holds(number))
            {
                return true;
            }
        }

        return false;
    }

    private static Dictionary<LaneKey, (long First, string Node)> SeenOf(
        IEnumerable<CallMessage> messages
    ) =>
        messages
            .GroupBy(LaneOf)
            .ToDictionary(
                g => g.Key,
                g =>
                    (
                        g.First().FirstSequence,
                        g.SelectMany(m => m.Calls.Take(1)).LastOrDefault()?.Node?.Value ?? ""
                    )
            );

    private static LaneKey LaneOf(CallMessage message) => new(message.SpoolId, message.Lane);
}

/// <summary>A call that is new.</summary>
internal readonly record struct AcceptedCall(ParsedCall Call, int Lane);

/// <summary>What came of a batch.</summary>
/// <param name="Calls">New calls.</param>
/// <param name="Repeats">Numbers that had come before.</param>
/// <param name="Lost">Numbers that were skipped, less those that came after all.</param>
/// <param name="SetAside">Messages and records that cannot be read.</param>
internal sealed record TakenBatch(long Calls, long Repeats, long Lost, long SetAside);
