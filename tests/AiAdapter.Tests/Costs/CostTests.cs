using System.Globalization;
using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.AiAdapter.Tests.Costs;

public sealed class CostTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 20, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Sixty calls over twelve models, computed with decimals from the published prices.</summary>
    public static TheoryData<string, long, long, long, long, string> Calls()
    {
        var data = new TheoryData<string, long, long, long, long, string>();
        var file = Path.Combine(Repository.Root, "tests", "AiAdapter.Tests", "Costs", "calls.csv");
        foreach (var line in File.ReadLines(file).Skip(1))
        {
            var cells = line.Split(',');
            var counts = cells[1..5]
                .Select(cell => long.Parse(cell, CultureInfo.InvariantCulture))
                .ToArray();
            data.Add(cells[0], counts[0], counts[1], counts[2], counts[3], cells[5]);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Of_CallOfTheTable_IsExact(
        string model,
        long input,
        long cached,
        long written,
        long output,
        string usd
    )
    {
        var usage = new Usage
        {
            Input = input,
            CachedInput = cached,
            CacheWrite5Minutes = written,
            Output = output,
        };

        var cost = Cost.Of(usage, PriceOf(model));

        cost.PicoUnits.ShouldBe(
            (long)(decimal.Parse(usd, CultureInfo.InvariantCulture) * 1_000_000_000_000m)
        );
        cost.Unpriced.ShouldBeEmpty();
    }

    [Fact]
    public void Calls_Table_HasSixtyOverTwelveModels()
    {
        var rows = Calls().Select(row => row.Data).ToList();
        rows.Count.ShouldBe(60);
        rows.Select(row => row.Item1).Distinct().Count().ShouldBe(12);
    }

    [Fact]
    public void Of_PartsWithOwnPrices_EachAtItsOwn()
    {
        var rates = new Rates
        {
            Input = 1,
            Output = 10,
            CachedInput = 100,
            CacheWrite = 1000,
            CacheWrite1Hour = 10_000,
            Reasoning = 100_000,
            AudioInput = 1_000_000,
            CachedAudioInput = 10_000_000,
            AudioOutput = 100_000_000,
            ImageInput = 1_000_000_000,
            ImageOutput = 10_000_000_000,
        };
        var usage = new Usage
        {
            Input = 7 + 2 + 3 + 4 + 5 + 1 + 6,
            CachedInput = 2 + 1,
            CacheWrite5Minutes = 3,
            CacheWrite1Hour = 4,
            AudioInput = 5 + 1,
            CachedAudioInput = 1,
            ImageInput = 6,
            Output = 8 + 9 + 3 + 2,
            Reasoning = 9,
            AudioOutput = 3,
            ImageOutput = 2,
        };

        var cost = Cost.Of(usage, With(rates));

        cost.PicoUnits.ShouldBe(
            7
                + 80
                + 200
                + 3000
                + 40_000
                + 900_000
                + 5_000_000
                + 10_000_000
                + 300_000_000
                + 6_000_000_000
                + 20_000_000_000
        );
    }

    [Fact]
    public void Of_NoPriceForAPart_TheNextOneAndItIsSaid()
    {
        var price = With(
            new()
            {
                Input = 4,
                Output = 9,
                CacheWrite = 5,
            }
        );
        var usage = new Usage
        {
            Input = 100,
            CachedInput = 10,
            CacheWrite1Hour = 20,
            Output = 1,
            WebSearches = 2,
            Tier = ServiceTier.Flex,
        };

        var cost = Cost.Of(usage, price);

        cost.PicoUnits.ShouldBe((70 * 4) + (10 * 4) + (20 * 5) + 9);
        cost.Unpriced.ShouldBe(["service tier Flex", "cache writes for an hour", "web searches"]);
    }

    [Fact]
    public void Of_ServiceTierAndLongContext_TheCardOfTheTierAndItsStep()
    {
        var standard = new RateCard(
            new() { Input = 10, Output = 0 },
            [new(100, new() { Input = 20, Output = 0 })]
        );
        var batch = new RateCard(
            new() { Input = 5, Output = 0 },
            [new(100, new() { Input = 7, Output = 0 })]
        );
        var price = new Price(
            new(2026, 1, 1),
            "USD",
            standard,
            new Dictionary<ServiceTier, RateCard> { [ServiceTier.Batch] = batch }
        );

        Cost.Of(new() { Input = 100 }, price).PicoUnits.ShouldBe(1000);
        Cost.Of(new() { Input = 101 }, price).PicoUnits.ShouldBe(2020);
        Cost.Of(new() { Input = 100, Tier = ServiceTier.Batch }, price).PicoUnits.ShouldBe(500);
        Cost.Of(new() { Input = 101, Tier = ServiceTier.Batch }, price).PicoUnits.ShouldBe(707);
    }

    [Fact]
    public void At_PriceChanges_PastCallsKeepTheirs()
    {
        var old = With(new() { Input = 1, Output = 1 });
        var history = new PriceHistory([old, old with { From = new(2026, 6, 1) }]);

        history.At(new(2025, 12, 31, 23, 59, 59, TimeSpan.Zero)).ShouldBeNull();
        history.At(new(2026, 5, 31, 23, 59, 59, TimeSpan.Zero))!.From.ShouldBe(new(2026, 1, 1));
        history.At(new(2026, 6, 1, 1, 0, 0, TimeSpan.FromHours(2)))!.From.ShouldBe(new(2026, 1, 1));
        history.At(new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero))!.From.ShouldBe(new(2026, 6, 1));
    }

    [Fact]
    public void Of_AnyCounts_NeverNegativeAndAddsUp() =>
        Prop.ForAll<PositiveInt, byte, byte>(
                (input, cached, written) =>
                {
                    var price = With(
                        new()
                        {
                            Input = 3,
                            Output = 7,
                            CachedInput = 1,
                            CacheWrite = 4,
                        }
                    );
                    var whole = (long)input.Get + cached + written;
                    var usage = new Usage
                    {
                        Input = whole,
                        CachedInput = cached,
                        CacheWrite5Minutes = written,
                        Output = cached,
                    };
                    return Cost.Of(usage, price).PicoUnits
                        == (3L * input.Get) + cached + (4L * written) + (7L * cached);
                }
            )
            .QuickCheckThrowOnFailure();

    internal static Price PriceOf(string model) =>
        BuiltInData.Models().Find(model).ShouldNotBeNull().Prices.At(Day).ShouldNotBeNull();

    private static Price With(Rates rates) =>
        new(new(2026, 1, 1), "USD", new(rates, []), new Dictionary<ServiceTier, RateCard>());
}
