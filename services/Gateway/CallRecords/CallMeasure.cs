using System.Diagnostics;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Gateway.Policies;

namespace ApiSvc.Gateway.CallRecords;

/// <summary>
/// What a lane notes of a call for its record. Lengths of heads are as HTTP/1.1 writes them, also where the client's
/// protocol packs them.
/// </summary>
internal sealed class CallMeasure
{
    private long _begun;
    private long _forwarded;
    private long _waited;

    public Protocol Protocol { get; set; }

    public ReadOnlyMemory<byte> UserAgent { get; set; }

    /// <summary>W3C trace id; default where the call is not traced.</summary>
    public ActivityTraceId TraceId { get; set; }

    public long BytesIn { get; set; }

    public long BytesOut { get; set; }

    /// <summary>The status that the client got, or would have got.</summary>
    public int Status { get; set; }

    /// <summary>The stage of the policy that answered; null if none did.</summary>
    public PolicyStage? RefusedAt { get; set; }

    /// <summary>The last upstream that was called.</summary>
    public string UpstreamAddress { get; private set; } = "";

    public int UpstreamTries { get; private set; }

    public uint LatencyUs { get; private set; }

    /// <summary>Of that, in which the upstream was waited for; the time in which the client took no more is not counted.</summary>
    public uint UpstreamUs { get; private set; }

    /// <summary>Of that, before the upstream was called, or all of it if none was.</summary>
    public uint GatewayUs { get; private set; }

    public bool IsRecorded { get; private set; }

    public void Begin()
    {
        _begun = Stopwatch.GetTimestamp();
        _forwarded = 0;
        _waited = 0;
        Protocol = Protocol.Unspecified;
        UserAgent = default;
        TraceId = default;
        BytesIn = 0;
        BytesOut = 0;
        Status = 0;
        RefusedAt = null;
        UpstreamAddress = "";
        UpstreamTries = 0;
        IsRecorded = false;
    }

    public void Forward(string address)
    {
        if (_forwarded == 0)
        {
            _forwarded = Stopwatch.GetTimestamp();
        }

        UpstreamAddress = address;
        UpstreamTries++;
    }

    /// <summary>Adds the time since then, in which the client did not take what there was for it.</summary>
    public void WaitedForClient(long since) => _waited += Stopwatch.GetTimestamp() - since;

    /// <summary>Ends it, once.</summary>
    /// <returns>Whether this was the first time.</returns>
    public bool TryEnd()
    {
        if (IsRecorded)
        {
            return false;
        }

        IsRecorded = true;
        var now = Stopwatch.GetTimestamp();
        LatencyUs = Microseconds(now - _begun);
        UpstreamUs = _forwarded == 0 ? 0 : Microseconds(Math.Max(0, now - _forwarded - _waited));
        GatewayUs = Microseconds((_forwarded == 0 ? now : _forwarded) - _begun);
        return true;
    }

    private static uint Microseconds(long ticks) =>
        (uint)Math.Min(uint.MaxValue, ticks * 1_000_000 / Stopwatch.Frequency);
}
