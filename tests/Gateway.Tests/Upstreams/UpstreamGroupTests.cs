using ApiSvc.Gateway.Upstreams;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace ApiSvc.Gateway.Tests.Upstreams;

public sealed class UpstreamGroupTests
{
    private static readonly PassiveHealth Health = new(
        3,
        TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(35)
    );

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Pick_Weights_AreServedSmoothly() =>
        Picks(Group(("a", 5), ("b", 1), ("c", 1)), 14).ShouldBe("aabacaaaabacaa");

    [Fact]
    public void Pick_EqualWeights_IsRoundRobin() =>
        Picks(Group(("a", 100), ("b", 100), ("c", 100)), 7).ShouldBe("abcabca");

    [Fact]
    public void Pick_AnyWeights_EachGetsItsShare()
    {
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                Gen.Choose(1, 1_000).ArrayOf().Where(w => w.Length is > 0 and < 8).ToArbitrary(),
                weights =>
                {
                    var turns = WeightedRotation.Create([.. weights.Select((w, i) => (i, w))]);
                    turns.Length.ShouldBeLessThanOrEqualTo(WeightedRotation.MaxTurns + 8);
                    for (var i = 0; i < weights.Length; i++)
                    {
                        var share = (double)turns.Count(t => t == i) / turns.Length;
                        share.ShouldBe((double)weights[i] / weights.Sum(), 0.002);
                    }
                }
            )
        );
    }

    [Theory]
    [InlineData((int)UpstreamOutcome.ConnectFailed)]
    [InlineData((int)UpstreamOutcome.ServerError)]
    [InlineData((int)UpstreamOutcome.NoAnswer)]
    public void Report_FailuresInARow_PauseTheAddressUntilItsTime(int outcome)
    {
        var group = Group(("a", 1), ("b", 1));
        Fail(group, "a", (UpstreamOutcome)outcome, 2);
        Picks(group, 4).ShouldContain("a");

        Fail(group, "a", (UpstreamOutcome)outcome);

        Picks(group, 4).ShouldBe("bbbb");
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Picks(group, 4).ShouldBe("bbbb");
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Picks(group, 4).ShouldContain("a");
    }

    [Fact]
    public void Report_AnswersBetweenFailures_PauseNothing()
    {
        var group = Group(("a", 1), ("b", 1));
        for (var i = 0; i < 10; i++)
        {
            Fail(group, "a", UpstreamOutcome.ServerError, 2);
            Fail(group, "a", UpstreamOutcome.Abandoned, 5);
            Fail(group, "a", UpstreamOutcome.Answered);
        }

        Picks(group, 4).ShouldContain("a");
    }

    [Fact]
    public void Report_FailsAgainAfterItsPause_PausesLongerUpToTheLongest()
    {
        var group = Group(("a", 1), ("b", 1));
        Fail(group, "a", UpstreamOutcome.ConnectFailed, 3);
        foreach (var pause in new[] { 10, 20, 35, 35 })
        {
            Picks(group, 4).ShouldBe("bbbb");
            _time.Advance(TimeSpan.FromSeconds(pause - 0.5));
            Picks(group, 4).ShouldBe("bbbb");
            _time.Advance(TimeSpan.FromSeconds(0.5));
            Picks(group, 4).ShouldContain("a");
            // Once is enough now.
            Fail(group, "a", UpstreamOutcome.ConnectFailed);
        }

        _time.Advance(TimeSpan.FromSeconds(35));
        Fail(group, "a", UpstreamOutcome.Answered);
        Fail(group, "a", UpstreamOutcome.ConnectFailed, 2);
        Picks(group, 4).ShouldContain("a");
        Fail(group, "a", UpstreamOutcome.ConnectFailed);
        _time.Advance(TimeSpan.FromSeconds(10));
        Picks(group, 4).ShouldContain("a");
    }

    [Fact]
    public void Report_LastAddressFailsToo_AllAreTriedAgain()
    {
        var group = Group(("a", 1), ("b", 1));
        Fail(group, "a", UpstreamOutcome.ConnectFailed, 3);
        Fail(group, "b", UpstreamOutcome.ConnectFailed, 3);
        group.InUse.Count().ShouldBe(2);

        var alone = Group(("a", 1));
        Fail(alone, "a", UpstreamOutcome.ConnectFailed, 9);
        Picks(alone, 2).ShouldBe("aa");
    }

    [Fact]
    public void Pick_OneWasTried_TakesAnotherIfThereIsOne()
    {
        var group = Group(("a", 9), ("b", 1));
        var first = group.Targets.First();
        for (var i = 0; i < 20; i++)
        {
            group.Pick(first).Url.Host.ShouldBe("b");
        }

        var alone = Group(("a", 1));
        alone.Pick(alone.Targets.First()).Url.Host.ShouldBe("a");
    }

    [Fact]
    public void Create_FromThePrevious_KeepsWhatIsKnown()
    {
        var before = Group(("a", 1), ("b", 1));
        Fail(before, "a", UpstreamOutcome.ConnectFailed, 3);

        var after = UpstreamGroup.Create(Addresses(("a", 2), ("c", 1)), Health, _time, before);

        Picks(after, 3).ShouldBe("ccc");
        _time.Advance(TimeSpan.FromSeconds(10));
        Picks(after, 3).ShouldBe("aca");
    }

    [Fact]
    public void Pick_FromManyThreads_ServesEachItsShare()
    {
        var group = Group(("a", 3), ("b", 1));
        var ofA = 0;
        Parallel.For(
            0,
            40_000,
            _ =>
            {
                var target = group.Pick();
                group.Report(target, UpstreamOutcome.Answered);
                if (target.Url.Host == "a")
                {
                    Interlocked.Increment(ref ofA);
                }
            }
        );

        ofA.ShouldBe(30_000);
    }

    [Fact]
    public void PickAndReport_Healthy_AllocateNothing()
    {
        var group = Group(("a", 3), ("b", 1));
        Allocations.Of(() => group.Report(group.Pick(), UpstreamOutcome.Answered)).ShouldBe(0);
    }

    private static WeightedAddress[] Addresses(params (string Host, int Weight)[] addresses) =>
        [.. addresses.Select(a => new WeightedAddress(new($"http://{a.Host}/"), a.Weight))];

    private UpstreamGroup Group(params (string Host, int Weight)[] addresses) =>
        UpstreamGroup.Create(Addresses(addresses), Health, _time);

    private static string Picks(UpstreamGroup group, int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => group.Pick().Url.Host));

    private static void Fail(
        UpstreamGroup group,
        string host,
        UpstreamOutcome outcome,
        int times = 1
    )
    {
        var target = group.Targets.Single(t => t.Url.Host == host);
        for (var i = 0; i < times; i++)
        {
            group.Report(target, outcome);
        }
    }
}
