namespace ApiSvc.Bench.Gateway.Reports;

/// <summary>What a scenario measured.</summary>
internal sealed class ScenarioResult(string scenario, int rounds)
{
    public string Scenario => scenario;

    public int Rounds => rounds;

    /// <summary>By subject, its numbers by name; each number's unit ends its name, as in <c>cpu_us</c>.</summary>
    public Dictionary<string, Dictionary<string, double>> Subjects { get; } = [];

    /// <summary>Medians of ratios within rounds, such as <c>apisvc/nginx</c>.</summary>
    public Dictionary<string, double> Ratios { get; } = [];

    /// <summary>The lowest and the highest of each ratio.</summary>
    public Dictionary<string, (double Lowest, double Highest)> Ranges { get; } = [];

    public List<Aim> Aims { get; } = [];

    public void Put(string subject, string number, double value)
    {
        if (!Subjects.TryGetValue(subject, out var numbers))
        {
            Subjects[subject] = numbers = [];
        }

        numbers[number] = value;
    }

    /// <summary>A ratio by its rounds.</summary>
    public double PutRatio(string name, IEnumerable<double> ofRounds)
    {
        var sorted = ofRounds.Order().ToList();
        Ratios[name] = Measuring.Statistics.Median(sorted);
        Ranges[name] = (sorted[0], sorted[^1]);
        return Ratios[name];
    }
}

/// <summary>A number that is to be kept.</summary>
/// <param name="What">What it is of.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Most">What it may be at most.</param>
internal sealed record Aim(string What, double Value, double Most)
{
    public bool IsKept => Value <= Most;
}
