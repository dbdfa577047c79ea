namespace ApiSvc.Bench.Gateway.Measuring;

/// <summary>The turns of each contender, round by round.</summary>
internal sealed record RoundsResult(IReadOnlyDictionary<string, List<Turn>> Turns)
{
    /// <summary>The median over a contender's rounds.</summary>
    public double Median(string name, Func<Turn, double> value) =>
        Turns[name].Select(value).Median();

    /// <summary>The median of the ratios in each round.</summary>
    public double Ratio(string name, string other, Func<Turn, double> value) =>
        Ratios(name, other, value).Median();

    /// <summary>The ratio of two contenders in each round.</summary>
    public IEnumerable<double> Ratios(string name, string other, Func<Turn, double> value) =>
        Turns[name].Zip(Turns[other], (a, b) => value(a) / value(b));

    /// <summary>Calls with an answer, and requests sent, of all rounds.</summary>
    public (long Calls, long Sent) Total(string name) =>
        (Turns[name].Sum(t => t.Load.Calls), Turns[name].Sum(t => t.Load.Sent));
}
