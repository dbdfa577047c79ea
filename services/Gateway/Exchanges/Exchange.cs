using System.Net;
using ApiSvc.Gateway.CallRecords;
using ApiSvc.Gateway.Forwarding;
using ApiSvc.Gateway.Policies;
using ApiSvc.Gateway.Routing;
using ApiSvc.Gateway.State;

namespace ApiSvc.Gateway.Exchanges;

/// <summary>
/// A call as the policies see it, whichever lane carries it. What came is read as bytes; a string is made only by who
/// needs one. One exchange is used for many calls, one after the other.
/// </summary>
internal abstract class Exchange
{
    private int _queryStart;

    /// <summary>Scratch memory, until the end of the call.</summary>
    public Arena Arena { get; } = new();

    /// <summary>The method, as sent: upper case for all that are registered.</summary>
    public abstract ReadOnlySpan<byte> Method { get; }

    /// <summary>The authority without userinfo, as sent; empty if there was none (HTTP/1.0).</summary>
    public abstract ReadOnlySpan<byte> Host { get; }

    /// <summary>Path and query as sent (RFC 9112 section 3.2.1).</summary>
    public abstract ReadOnlyMemory<byte> Target { get; }

    /// <summary>Whether the client came over TLS.</summary>
    public abstract bool IsSecure { get; }

    /// <summary>The body's length if the request says so; 0 without a body, null if it is told at its end only.</summary>
    public abstract long? BodyLength { get; }

    /// <summary>The request's fields. Changes are what the upstream gets.</summary>
    public abstract HeaderFields RequestHeaders { get; }

    /// <summary>The response's fields; the upstream's are there when <see cref="Policies.IResponsePolicy"/> runs.</summary>
    public abstract HeaderFields ResponseHeaders { get; }

    /// <summary>The status of the response.</summary>
    public abstract int Status { get; set; }

    /// <summary>The client, behind trusted proxies.</summary>
    public IPAddress ClientAddress { get; protected set; } = IPAddress.None;

    /// <summary>When the call came. Read once: every policy judges by the same moment.</summary>
    public DateTimeOffset Now { get; protected set; }

    /// <summary>The id in the log, the call's record, the problem document and the answer's <c>X-Request-Id</c>.</summary>
    public abstract string Id { get; }

    /// <summary>The same as UUIDv7.</summary>
    public Guid CallId { get; protected set; }

    /// <summary>What is noted for the call's record.</summary>
    public CallMeasure Measure { get; } = new();

    /// <summary>The state that the call is judged by, from its first byte to its last.</summary>
    public GatewayState State { get; private set; } = GatewayState.Empty;

    /// <summary>The version of an API that the call goes to.</summary>
    public ApiState? Api { get; set; }

    /// <summary>The operation; null where the API takes calls outside of its operations.</summary>
    public OperationState? Operation { get; set; }

    /// <summary>Where in <see cref="PathBelowBase"/> the parameters of the operation's template are.</summary>
    public PathValues PathValues { get; } = new();

    /// <summary>The normalised path.</summary>
    public ReadOnlyMemory<byte> Path { get; private set; }

    /// <summary>The query as sent, without the question mark.</summary>
    public ReadOnlySpan<byte> Query => HasQuery ? Target.Span[_queryStart..] : default;

    /// <summary>Tells an empty query from none.</summary>
    public bool HasQuery { get; private set; }

    /// <summary>How much of <see cref="Path"/> is the API's base path.</summary>
    public int BasePathLength { get; set; }

    /// <summary>The policies of the call.</summary>
    public PolicyChain Chain { get; set; } = PolicyChain.Empty;

    /// <summary>Who calls, from authentication on.</summary>
    public Caller Caller { get; set; } = Caller.Anonymous;

    /// <summary>What lets the caller call, from authorization on; null where nothing is needed.</summary>
    public SubscriptionState? Subscription { get; set; }

    /// <summary>The strictest of the limits that applied.</summary>
    public RateStatus Rate { get; set; }

    /// <summary>The upstream that a policy chose; null: the API's first.</summary>
    public UpstreamState? Upstream { get; set; }

    /// <summary>What the upstream gets instead of the path below the base path; empty: that path.</summary>
    public ReadOnlyMemory<byte> UpstreamPath { get; set; }

    /// <summary>What the upstream gets as query; null: what was sent.</summary>
    public ReadOnlyMemory<byte>? UpstreamQuery { get; set; }

    /// <summary>What tells the upstream who calls; empty where it is not told.</summary>
    public ReadOnlyMemory<byte> CallerToken { get; set; }

    /// <summary>The answer, if the gateway made it itself.</summary>
    public Answer? Answer { get; set; }

    /// <summary>How the terminal ended, if it was reached.</summary>
    public ForwardOutcome Outcome { get; set; }

    /// <summary>The path below the base path, with its leading slash; empty for the base path itself.</summary>
    public ReadOnlyMemory<byte> PathBelowBase => Path[BasePathLength..];

    /// <summary>Brings the target into its one form, before anything looks at it.</summary>
    /// <returns>Whether it has one.</returns>
    public bool TryNormalize()
    {
        var target = Target.Span;
        var room = Arena.Take(target.Length * 3);
        if (!RequestPath.TryNormalize(target, room.Span, out var path))
        {
            return false;
        }

        // A slice of the target or of the room; kept is a copy in the room.
        path.Path.CopyTo(room.Span);
        Path = room[..path.Path.Length];
        HasQuery = path.HasQuery;
        _queryStart = target.Length - path.Query.Length;
        return true;
    }

    /// <summary>Sends the call to the upstream and its answer to the client, through the response policies.</summary>
    /// <returns>How it ended; where nothing was sent to the client yet, the problem to answer with is for the caller.</returns>
    public abstract ValueTask<ForwardOutcome> ForwardAsync(ForwardTarget target);

    /// <summary>Sends what <see cref="Answer"/> says; status and fields are set.</summary>
    public abstract ValueTask SendAnswerAsync();

    /// <summary>What a lane calls when the upstream's status and fields are there, before it sends them on.</summary>
    protected void OnUpstreamHead(in ForwardTarget target)
    {
        LocationFields.Map(this, target);
        Chain.OnResponse(this);
    }

    /// <summary>Begins a call: forgets the one before.</summary>
    protected void Begin(GatewayState state, DateTimeOffset now, IPAddress client)
    {
        Arena.Reset();
        Measure.Begin();
        State = state;
        Now = now;
        ClientAddress = client;
        Api = null;
        Operation = null;
        Path = default;
        HasQuery = false;
        BasePathLength = 0;
        Chain = PolicyChain.Empty;
        Caller = Caller.Anonymous;
        Subscription = null;
        Rate = default;
        Upstream = null;
        UpstreamPath = default;
        UpstreamQuery = null;
        CallerToken = default;
        Answer = null;
        Outcome = ForwardOutcome.NotForwarded;
    }
}
