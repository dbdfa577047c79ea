using System.Diagnostics;
using System.Text;

namespace ApiSvc.ServiceDefaults.Telemetry;

/// <summary>
/// Takes a trace through Kafka in message headers (W3C Trace Context: <c>traceparent</c>, <c>tracestate</c>).
/// Baggage does not travel: it may hold what a consumer must not see.
/// </summary>
public static class KafkaTraceContext
{
    internal const string TraceParent = "traceparent";
    internal const string TraceState = "tracestate";

    // W3C Trace Context section 3.3.1.5: at least 512 characters are propagated; more than that is left behind.
    private const int MaxTraceState = 512;

    /// <summary>Adds the headers that make a consumer's activity a child of this one; none without an activity.</summary>
    public static void Inject(Activity? activity, Action<string, byte[]> add)
    {
        if (activity is not { IdFormat: ActivityIdFormat.W3C, Id: { } id })
        {
            return;
        }

        add(TraceParent, Encoding.ASCII.GetBytes(id));
        if (activity.TraceStateString is { Length: > 0 and <= MaxTraceState } state)
        {
            add(TraceState, Encoding.ASCII.GetBytes(state));
        }
    }

    /// <summary>The producer's activity; <c>default</c> when the headers name none, or are malformed.</summary>
    public static ActivityContext Extract(IEnumerable<(string Key, byte[]? Value)> headers)
    {
        string? parent = null;
        string? state = null;
        foreach (var (key, value) in headers)
        {
            if (value is null)
            {
                continue;
            }

            switch (key)
            {
                case TraceParent:
                    parent = Encoding.ASCII.GetString(value);
                    break;
                case TraceState when value.Length <= MaxTraceState:
                    state = Encoding.ASCII.GetString(value);
                    break;
            }
        }

        return ActivityContext.TryParse(parent, state, isRemote: true, out var context)
            ? context
            : default;
    }
}
