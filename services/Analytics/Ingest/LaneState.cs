using System.Runtime.InteropServices;

namespace ApiSvc.Analytics.Ingest;

/// <summary>
/// Which numbers of a lane have come: all below <see cref="Next"/> but those in the gaps. Decides for each number that
/// comes whether it is new.
/// </summary>
/// <param name="next">The number after the highest that came; null if none has.</param>
/// <param name="gaps">Numbers below it that did not come.</param>
internal sealed class LaneState(long? next, IEnumerable<Gap> gaps)
{
    private readonly List<Gap> _gaps = [.. gaps.OrderBy(g => g.From)];

    public long? Next { get; private set; } = next;

    public IReadOnlyList<Gap> Gaps => _gaps;

    /// <summary>How many more numbers are missing than before; negative where missing ones came after all.</summary>
    public long LostChange { get; private set; }

    /// <summary>Takes numbers that a message has.</summary>
    /// <returns>Which of them are new.</returns>
    public IReadOnlyList<Gap> Take(long first, int count)
    {
        var end = first + count;
        var fresh = FillGaps(first, end);
        if (Next is { } next && first > next)
        {
            _gaps.Add(new(next, first));
            LostChange += first - next;
        }

        // The first that is seen of a lane begins it.
        var from = Math.Max(first, Next ?? first);
        if (end > from)
        {
            fresh.Add(new(from, end));
            Next = end;
        }

        return fresh;
    }

    // A lane whose partition changed may be read out of order for a moment: what was missed then comes later.
    private List<Gap> FillGaps(long first, long end)
    {
        var filled = new List<Gap>();
        for (var i = 0; i < _gaps.Count; i++)
        {
            var gap = _gaps[i];
            var part = new Gap(Math.Max(gap.From, first), Math.Min(gap.To, end));
            if (part.Count <= 0)
            {
                continue;
            }

            filled.Add(part);
            LostChange -= part.Count;
            _gaps.RemoveAt(i--);
            foreach (var rest in (Gap[])[new(gap.From, part.From), new(part.To, gap.To)])
            {
                if (rest.Count > 0)
                {
                    _gaps.Insert(++i, rest);
                }
            }
        }

        return filled;
    }
}

/// <summary>Numbers from <paramref name="From"/> to before <paramref name="To"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Gap(long From, long To)
{
    public long Count => To - From;

    public bool Holds(long number) => number >= From && number < To;
}
