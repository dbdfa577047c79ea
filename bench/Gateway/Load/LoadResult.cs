namespace ApiSvc.Bench.Gateway.Load;

/// <summary>What a load generator saw.</summary>
/// <param name="Sent">Requests sent; some at the end without an answer.</param>
/// <param name="Calls">Answers.</param>
/// <param name="Bytes">Bytes of them, heads included.</param>
/// <param name="Microseconds">How long it took.</param>
/// <param name="Failed">Connections that broke and answers that did not come in time.</param>
/// <param name="Refused">Answers with a status of 400 or more.</param>
/// <param name="Wrong">Answers with another status or length, if each was looked at.</param>
/// <param name="Shown">One of them.</param>
/// <param name="P50">Median of latencies, in microseconds.</param>
/// <param name="P99">The latency that 99 of 100 calls keep, in microseconds.</param>
internal sealed record LoadResult(
    long Sent,
    long Calls,
    long Bytes,
    long Microseconds,
    long Failed,
    long Refused,
    long Wrong,
    string Shown,
    double P50,
    double P99
)
{
    private const int LongestHead = 1024;

    public double PerSecond => Calls * 1e6 / Microseconds;

    /// <summary>Nothing may have gone wrong; where answers were not looked at one by one, their lengths must add up.</summary>
    public void Check(string name, int answerBytes)
    {
        if (Failed > 0 || Refused > 0 || Wrong > 0)
        {
            throw new BenchException(
                $"{name}: of {Calls} calls {Failed} failed, {Refused} were refused, {Wrong} wrong ({Shown})."
            );
        }

        if (
            Calls == 0
            || Bytes < Calls * (long)answerBytes
            || Bytes > Sent * ((long)answerBytes + LongestHead)
        )
        {
            throw new BenchException($"{name}: {Calls} answers have {Bytes} bytes.");
        }
    }
}
