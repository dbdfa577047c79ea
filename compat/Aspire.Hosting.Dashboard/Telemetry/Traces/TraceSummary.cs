namespace Aspire.Hosting.Dashboard.Telemetry.Traces;

/// <summary>A trace in one line.</summary>
/// <param name="TraceId">Its id.</param>
/// <param name="Name">What its first span is called.</param>
/// <param name="Start">When its first span started.</param>
/// <param name="Milliseconds">From the first start to the last end.</param>
/// <param name="Spans">How many spans came.</param>
/// <param name="Errors">How many of them failed.</param>
/// <param name="Services">Who took part, in the order in which they came in.</param>
internal sealed record TraceSummary(
    string TraceId,
    string Name,
    DateTimeOffset Start,
    double Milliseconds,
    int Spans,
    int Errors,
    IReadOnlyList<ServiceShare> Services
)
{
    /// <param name="spans">All of one trace, at least one.</param>
    public static TraceSummary Of(IReadOnlyList<TraceSpan> spans)
    {
        var first = TraceTree.Roots(spans)[0];
        var start = spans.Min(s => s.Start);
        return new TraceSummary(
            first.TraceId,
            first.Name,
            start,
            (spans.Max(s => s.End) - start).TotalMilliseconds,
            spans.Count,
            spans.Count(s => s.IsError),
            [
                .. spans
                    .GroupBy(s => s.Source.Service)
                    .OrderBy(group => group.Min(s => s.Start))
                    .ThenBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => new ServiceShare(
                        group.Key,
                        group.Count(),
                        group.Count(s => s.IsError)
                    )),
            ]
        );
    }
}

/// <summary>What one service did in a trace.</summary>
internal sealed record ServiceShare(string Name, int Spans, int Errors);
