using System.Diagnostics;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Serving;

/// <summary>A call that came over a connection: what the edge needs to know of it beside what policies do.</summary>
internal abstract class ServedExchange : Exchange
{
    protected const int ClientLeft = 499; // no registered status; what servers log for it

    /// <summary>When the edge took it, as <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long Started { get; set; }

    public Activity? Span { get; set; }

    /// <summary>Why it is answered before anything else is looked at; null: it is a request.</summary>
    public abstract Problem? Fault { get; }

    public abstract bool IsClientGone { get; }

    public abstract string MethodText { get; }

    /// <summary>The value of a field of which there is one.</summary>
    public abstract string? Header(string name);

    /// <summary>Writes the call's record, once, before the client can have the last byte of the answer.</summary>
    public abstract void Record();

    /// <summary>Answers what went wrong in the gateway itself, or breaks off an answer that is under way.</summary>
    public abstract ValueTask FailAsync();
}
