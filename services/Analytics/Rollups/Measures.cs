using System.Collections.Immutable;
using ApiSvc.Analytics.Records;

namespace ApiSvc.Analytics.Rollups;

/// <summary>What is counted of calls.</summary>
internal sealed class Measures
{
    /// <summary>The counting columns, in the order of <see cref="Numbers"/>.</summary>
    public static ImmutableArray<string> Columns { get; } =
    [
        "calls",
        "unauthorized",
        "limited",
        "refused",
        "client_errors",
        "upstream_errors",
        "gateway_errors",
        "bytes_in",
        "bytes_out",
        "latency_total",
    ];

    /// <summary>By <see cref="Columns"/>.</summary>
    public long[] Numbers { get; } = new long[Columns.Length];

    public LatencyHistogram Latency { get; } = new();

    public long Calls => Numbers[0];

    /// <summary>All kinds: status 400 and above, and calls without an answer.</summary>
    public long Errors =>
        Numbers[1] + Numbers[2] + Numbers[3] + Numbers[4] + Numbers[5] + Numbers[6];

    public long this[ErrorKind kind] => Numbers[(int)kind];

    public long BytesIn => Numbers[7];

    public long BytesOut => Numbers[8];

    public long LatencyTotal => Numbers[9];

    public void Add(ParsedCall call)
    {
        Numbers[0]++;
        var kind = ErrorKinds.Of(call.Status, call.AnsweredByGateway);
        if (kind != ErrorKind.None)
        {
            Numbers[(int)kind]++;
        }

        Numbers[7] += call.BytesIn;
        Numbers[8] += call.BytesOut;
        Numbers[9] += call.LatencyUs;
        Latency.Add(call.LatencyUs);
    }

    public void Add(Measures other)
    {
        for (var i = 0; i < Numbers.Length; i++)
        {
            Numbers[i] += other.Numbers[i];
        }

        Latency.Add(other.Latency);
    }
}
