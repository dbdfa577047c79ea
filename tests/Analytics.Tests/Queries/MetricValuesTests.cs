using ApiSvc.Analytics.Queries;
using ApiSvc.Analytics.Rollups;

namespace ApiSvc.Analytics.Tests.Queries;

public sealed class MetricValuesTests
{
    public static TheoryData<string> Metrics => [.. Enum.GetNames<Metric>()];

    [Theory]
    [MemberData(nameof(Metrics))]
    public void Of_OnlyWhatTheMetricNeeds_IsTheSame(string name)
    {
        var metric = Enum.Parse<Metric>(name);
        var all = new Measures();
        for (var column = 0; column < Measures.Columns.Length; column++)
        {
            all.Numbers[column] = 1L << (40 - column);
        }

        all.Latency.Add(700);
        all.Latency.Add(90_000);
        var needed = MetricValues.Needs(metric);
        var read = new Measures();
        foreach (var column in needed.Columns)
        {
            read.Numbers[column] = all.Numbers[column];
        }

        if (needed.Histograms)
        {
            read.Latency.Add(all.Latency);
        }

        needed.Columns[0].ShouldBe(0);
        MetricValues.Of(metric, read).ShouldBe(MetricValues.Of(metric, all));
        MetricValues.Of(metric, all).ShouldNotBe(0);
    }
}
