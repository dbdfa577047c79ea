namespace ApiSvc.Analytics.Rollups;

/// <summary>
/// The buckets of latency histograms. Bucket i holds what is over γ^(i-1) and up to γ^i microseconds; what it holds is told
/// as the value whose relative error is the same at both ends, (γ-1)/(γ+1): one percent. Bucket 0 holds 0 and 1.
/// </summary>
internal static class LatencyBuckets
{
    public const double Gamma = 1.0202;

    /// <summary>The natural logarithm of γ, for SQL that does the same.</summary>
    public static readonly double LogGamma = Math.Log(Gamma);

    private static readonly double PerLog = 1 / LogGamma;

    // Latencies are 32 bits of microseconds: this is the bucket of the longest.
    private static readonly double[] Values =
    [
        .. Enumerable.Range(0, Index(uint.MaxValue) + 1).Select(ValueOf),
    ];

    /// <summary>How many there are.</summary>
    public static int Count => Values.Length;

    public static int Index(long us) =>
        us <= 1 ? 0 : Math.Max(1, (int)Math.Ceiling(Math.Log(us) * PerLog));

    /// <summary>What is told for a bucket, in microseconds.</summary>
    public static double Value(int index) => index < Values.Length ? Values[index] : ValueOf(index);

    private static double ValueOf(int index) =>
        index == 0 ? 1 : 2 * Math.Pow(Gamma, index) / (Gamma + 1);
}
