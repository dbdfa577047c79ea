namespace ApiSvc.Analytics.Rollups;

/// <summary>What of calls is wanted: each column costs, and histograms most.</summary>
/// <param name="Columns">By their place in <see cref="Measures.Columns"/>; how many calls there were is always among them.</param>
/// <param name="Histograms">Whether latencies are wanted.</param>
internal sealed record MeasureSet(IReadOnlyList<int> Columns, bool Histograms)
{
    public static MeasureSet All { get; } =
        new([.. Enumerable.Range(0, Measures.Columns.Length)], Histograms: true);

    public static MeasureSet Calls { get; } = new([0], Histograms: false);

    public static MeasureSet Latencies { get; } = new([0], Histograms: true);

    /// <summary>Calls, and columns by their names.</summary>
    public static MeasureSet Of(params IReadOnlyList<string> columns) =>
        new([0, .. columns.Select(c => Measures.Columns.IndexOf(c))], Histograms: false);
}
