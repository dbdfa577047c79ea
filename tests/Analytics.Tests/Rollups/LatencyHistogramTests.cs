using ApiSvc.Analytics.Rollups;

namespace ApiSvc.Analytics.Tests.Rollups;

public sealed class LatencyHistogramTests
{
    private static readonly double[] Asked = [1, 10, 25, 50, 75, 90, 95, 99, 99.9, 100];

    public static TheoryData<string> Distributions => new("uniform", "log-normal", "bimodal");

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Percentile_OfADistribution_IsWithinOnePercentOfExact(string distribution)
    {
        var values = Draw(distribution, 100_000);
        var histogram = Of(values);
        Array.Sort(values);

        foreach (var percentile in Asked)
        {
            var exact = values[(int)Math.Ceiling(percentile / 100 * values.Length) - 1];

            var told = histogram.Percentile(percentile);

            (Math.Abs(told - exact) / exact).ShouldBeLessThanOrEqualTo(
                0.01,
                $"p{percentile} of {distribution}: {told} for {exact}"
            );
        }
    }

    [Fact]
    public void Value_OfEveryLatency_IsWithinOnePercent()
    {
        for (var us = 1L; us <= uint.MaxValue; us += 1 + (us / 1000))
        {
            var told = LatencyBuckets.Value(LatencyBuckets.Index(us));

            (Math.Abs(told - us) / us).ShouldBeLessThanOrEqualTo(0.01, $"{us}");
        }
    }

    [Theory]
    [MemberData(nameof(Distributions))]
    public void Add_PartsInAnyGrouping_GivesTheSameAsTheWhole(string distribution)
    {
        var values = Draw(distribution, 20_000);
        var whole = Of(values).ToBytes();
        var random = new Random(4);
        for (var round = 0; round < 50; round++)
        {
            // Minutes of several instances, added up to hours, and those to days, through their stored form.
            var minutes = Parts(values, random.Next(1, 200), random);
            var hours = Merge(minutes, random.Next(1, 30), random);
            var days = Merge(hours, random.Next(1, 5), random);

            Merge(days, 1, random)[0].ToBytes().ShouldBe(whole);
        }
    }

    [Fact]
    public void ToBytes_ReadBack_IsTheSame()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(0, 1);
        histogram.Add(1109, long.MaxValue / 2);
        histogram.Add(300, 127);
        histogram.Add(301, 128);

        var read = new LatencyHistogram();
        read.Add(histogram.ToBytes());

        read.ToBytes().ShouldBe(histogram.ToBytes());
        read.Count.ShouldBe(histogram.Count);
    }

    [Fact]
    public void Percentile_WithoutCalls_IsZero() =>
        new LatencyHistogram().Percentile(99).ShouldBe(0);

    [Fact]
    public void Add_SeveralOneAfterTheOther_IsTheirSum()
    {
        var random = new Random(4);
        var parts = Parts(Draw("log-normal", 5000), 7, random);
        // The smallest buckets too, and one without calls between others.
        parts.Insert(1, Of([0, 1, 1, 2]));
        parts.Insert(3, new());

        byte[] stored = [];
        var sum = new LatencyHistogram();
        foreach (var part in parts)
        {
            stored =
                stored.Length == 0
                    ? part.ToBytes()
                    : [.. stored, LatencyHistogram.Separator, .. part.ToBytes()];
            sum.Add(part);
        }

        var read = new LatencyHistogram();
        read.Add(stored);

        read.Count.ShouldBe(5004);
        read.ToBytes().ShouldBe(sum.ToBytes());
    }

    [Fact]
    public void Add_DamagedBytes_Throws() =>
        Should.Throw<FormatException>(() => new LatencyHistogram().Add((byte[])[0x81]));

    private static LatencyHistogram Of(IEnumerable<long> values)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in values)
        {
            histogram.Add(value);
        }

        return histogram;
    }

    private static List<LatencyHistogram> Parts(long[] values, int parts, Random random)
    {
        var histograms = Enumerable.Range(0, parts).Select(_ => new LatencyHistogram()).ToList();
        foreach (var value in values)
        {
            histograms[random.Next(parts)].Add(value);
        }

        return histograms;
    }

    private static List<LatencyHistogram> Merge(
        List<LatencyHistogram> histograms,
        int parts,
        Random random
    )
    {
        var merged = Enumerable.Range(0, parts).Select(_ => new LatencyHistogram()).ToList();
        foreach (var histogram in histograms)
        {
            merged[random.Next(parts)].Add(histogram.ToBytes());
        }

        return merged;
    }

    private static long[] Draw(string distribution, int count)
    {
        var random = new Random(3);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                    distribution switch
                    {
                        "uniform" => random.NextInt64(1, 1_000_000),
                        "log-normal" => LogNormal(random, 9, 1),
                        // Answers from a cache, and slow ones with a heavy tail.
                        _ => random.Next(10) < 7
                            ? LogNormal(random, 6, 0.2)
                            : (long)(50_000 / Math.Pow(1 - random.NextDouble(), 0.9)),
                    }
                )
                .Select(v => Math.Min(v, uint.MaxValue)),
        ];
    }

    private static long LogNormal(Random random, double mu, double sigma)
    {
        var normal =
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
            * Math.Cos(2 * Math.PI * random.NextDouble());
        return Math.Max(1, (long)Math.Exp(mu + (sigma * normal)));
    }
}
