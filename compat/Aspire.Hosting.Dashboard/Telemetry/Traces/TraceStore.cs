namespace Aspire.Hosting.Dashboard.Telemetry.Traces;

/// <summary>
/// The traces that got a span last. Spans come in any order, from several services and sometimes twice, so a trace is
/// put in order when it is looked at (<see cref="TraceTree"/>).
/// </summary>
internal sealed class TraceStore(TelemetryLimits limits)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Trace>> _byId = new(StringComparer.Ordinal);

    // The trace whose last span came longest ago is first.
    private readonly LinkedList<Trace> _byAge = new();
    private int _spans;

    public void Add(TraceSpan span)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(span.TraceId, out var node))
            {
                node = _byAge.AddLast(new Trace());
                _byId.Add(span.TraceId, node);
            }
            else
            {
                _byAge.Remove(node);
                _byAge.AddLast(node);
            }

            _spans += node.Value.Add(span, limits.SpansOfATrace);
            while (_byAge.Count > limits.Traces || (_spans > limits.Spans && _byAge.Count > 1))
            {
                DropOldest();
            }
        }
    }

    /// <summary>All traces, the one that started last first.</summary>
    public IReadOnlyList<TraceSummary> List()
    {
        lock (_lock)
        {
            return [.. _byAge.Select(trace => trace.Summary()).OrderByDescending(s => s.Start)];
        }
    }

    /// <summary>The spans of a trace; none when it is not kept.</summary>
    public IReadOnlyList<TraceSpan> Find(string traceId)
    {
        lock (_lock)
        {
            return _byId.TryGetValue(traceId, out var node) ? node.Value.Spans() : [];
        }
    }

    private void DropOldest()
    {
        var oldest = _byAge.First!.Value;
        _byAge.RemoveFirst();
        _byId.Remove(oldest.Id);
        _spans -= oldest.Count;
    }

    private sealed class Trace
    {
        private readonly Dictionary<string, TraceSpan> _spans = new(StringComparer.Ordinal);
        private TraceSummary? _summary;

        public string Id { get; private set; } = "";

        public int Count => _spans.Count;

        /// <returns>How many spans it has more than before.</returns>
        public int Add(TraceSpan span, int limit)
        {
            Id = span.TraceId;
            var before = _spans.Count;

            // An exporter that got no answer sends again what was taken already.
            if (before < limit || _spans.ContainsKey(span.SpanId))
            {
                _spans[span.SpanId] = span;
                _summary = null;
            }

            return _spans.Count - before;
        }

        public IReadOnlyList<TraceSpan> Spans() => [.. _spans.Values];

        public TraceSummary Summary() => _summary ??= TraceSummary.Of(Spans());
    }
}
