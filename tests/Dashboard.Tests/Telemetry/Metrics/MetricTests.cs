using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Telemetry.Metrics;

namespace ApiSvc.Dashboard.Tests.Telemetry.Metrics;

public sealed class MetricTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly MetricGrid Grid = new(
        Start.AddSeconds(60),
        TimeSpan.FromSeconds(5),
        12
    );

    [Fact]
    public void Rates_TwoReplicasMeasuredAtOtherMoments_AreAddedUp()
    {
        var one = Series("a", (0, 0), (20, 100), (40, 200), (60, 300));
        var other = Series("b", (3, 0), (33, 30), (58, 55));

        var rates = Grid.Rates([one, other]);

        rates[5]!.Value.ShouldBe(6, 0.001);
        rates[10]!.Value.ShouldBe(6, 0.001);
    }

    [Fact]
    public void Rates_ProcessStartedAnew_CountsFromZeroAgain()
    {
        var rates = Grid.Rates([Series("a", (0, 1000), (30, 1300), (60, 60))]);

        rates[1]!.Value.ShouldBe(10, 0.001);
        rates[10]!.Value.ShouldBe(2, 0.001);
        rates.ShouldAllBe(p => p == null || p.Value >= 0);
    }

    [Fact]
    public void Values_ProcessGone_FallsOutOfTheSum()
    {
        var grid = Grid with { End = Start.AddSeconds(200), Count = 40 };

        var values = grid.Values([Series("a", (10, 5), (190, 5)), Series("b", (10, 7))]);

        values[0].ShouldBeNull();
        values[5].ShouldBe(12);
        values[25].ShouldBeNull();
        values[39].ShouldBe(5);
    }

    [Fact]
    public void Add_Deltas_AreSummedUp()
    {
        var store = new MetricStore(new TelemetryLimits());
        var key = Key("a");

        store.Add(key, Point(0, 10, 4), isDelta: true);
        store.Add(key, Point(10, 20, 6), isDelta: true);

        store.OfService("s").Single().Points.Select(p => p.Value).ShouldBe([4, 10]);
    }

    [Fact]
    public void Add_MoreThanIsKept_DropsOldPointsAndSilentSeries()
    {
        var store = new MetricStore(new TelemetryLimits { Series = 2, PointsOfASeries = 3 });

        for (var i = 1; i <= 5; i++)
        {
            store.Add(Key("a"), Point(0, i, i), isDelta: false);
        }

        store.Add(Key("b"), Point(0, 6, 1), isDelta: false);
        store.Add(Key("a"), Point(0, 7, 7), isDelta: false);
        store.Add(Key("c"), Point(0, 8, 1), isDelta: false);

        store.OfService("s").Select(s => s.Key.Attributes).ShouldBe(["a", "c"]);
        store.OfService("s")[0].Points.Select(p => p.Value).ShouldBe([4, 5, 7]);
    }

    [Theory]
    [InlineData(0.5, 0.15)]
    [InlineData(0.95, 0.28)]
    [InlineData(1, 0.3)]
    public void Percentile_WithinABucket_IsInterpolated(double share, double expected)
    {
        var point = new MetricPoint(Start, Start, 20)
        {
            Bounds = [0.1, 0.2, 0.3],
            Buckets = [5, 10, 5, 0],
        };

        Percentile.Of(point, share)!.Value.ShouldBe(expected, 0.001);
    }

    [Fact]
    public void Percentile_NothingRecorded_IsNone() =>
        Percentile
            .Of(new MetricPoint(Start, Start, 0) { Bounds = [1], Buckets = [0, 0] }, 0.5)
            .ShouldBeNull();

    private static MetricKey Key(string attributes) =>
        new(new TelemetrySource("s", ""), "m", "1", MetricKind.Counter, attributes);

    private static MetricPoint Point(int start, int at, double value) =>
        new(Start.AddSeconds(start), Start.AddSeconds(at), value);

    private static MetricSeries Series(string name, params (int At, double Value)[] points) =>
        new(Key(name), [.. points.Select(p => Point(0, p.At, p.Value))]);
}
