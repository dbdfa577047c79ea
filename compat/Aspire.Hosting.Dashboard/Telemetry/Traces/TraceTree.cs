namespace Aspire.Hosting.Dashboard.Telemetry.Traces;

/// <summary>Puts the spans of a trace in the order of a waterfall: each followed by its children, by start.</summary>
internal static class TraceTree
{
    /// <summary>Every span once, with its depth, whatever the parents say.</summary>
    public static IReadOnlyList<TraceRow> Rows(IReadOnlyList<TraceSpan> spans)
    {
        var known = spans.Select(s => s.SpanId).ToHashSet(StringComparer.Ordinal);
        var children = spans
            .Where(s => s.ParentId is not null)
            .ToLookup(s => s.ParentId!, StringComparer.Ordinal);
        var rows = new List<TraceRow>(spans.Count);
        var taken = new HashSet<string>(StringComparer.Ordinal);

        // After the roots, spans that are each other's parents are left: the earliest of them begins.
        foreach (var start in Roots(spans).Concat(ByStart(spans)))
        {
            // Not by recursion: a chain can be as long as a trace.
            var open = new Stack<TraceRow>([new(start, 0, IsPartial(start, known))]);
            while (open.TryPop(out var row))
            {
                if (!taken.Add(row.Span.SpanId))
                {
                    continue;
                }

                rows.Add(row);
                foreach (var child in ByStart(children[row.Span.SpanId]).Reverse())
                {
                    open.Push(new(child, row.Depth + 1, false));
                }
            }
        }

        return rows;
    }

    /// <summary>Spans without a parent, then those whose parent has not come; one at least, if there is a span.</summary>
    public static IReadOnlyList<TraceSpan> Roots(IReadOnlyList<TraceSpan> spans)
    {
        var known = spans.Select(s => s.SpanId).ToHashSet(StringComparer.Ordinal);
        var roots = spans
            .Where(s => s.ParentId is null || IsPartial(s, known))
            .OrderBy(s => s.ParentId is null ? 0 : 1)
            .ThenBy(s => s.Start)
            .ToList();
        return roots.Count > 0 ? roots : [.. ByStart(spans).Take(1)];
    }

    private static bool IsPartial(TraceSpan span, HashSet<string> known) =>
        span.ParentId is { } parent && !known.Contains(parent);

    private static IEnumerable<TraceSpan> ByStart(IEnumerable<TraceSpan> spans) =>
        spans.OrderBy(s => s.Start).ThenByDescending(s => s.End);
}

/// <summary>A line of the waterfall.</summary>
/// <param name="Span">The span.</param>
/// <param name="Depth">How many ancestors it is shown under.</param>
/// <param name="IsPartial">Whether it has a parent that has not come.</param>
internal sealed record TraceRow(TraceSpan Span, int Depth, bool IsPartial);
