using ApiSvc.Analytics.Ingest;

namespace ApiSvc.Analytics.Tests.Ingest;

public sealed class LaneStateTests
{
    [Fact]
    public void Take_FirstOfALane_BeginsIt()
    {
        var lane = new LaneState(next: null, []);

        lane.Take(500, 10).ShouldBe([new(500, 510)]);

        lane.Next.ShouldBe(510);
        lane.LostChange.ShouldBe(0);
    }

    [Fact]
    public void Take_Repeat_IsNothingNew() => new LaneState(510, []).Take(500, 10).ShouldBeEmpty();

    [Fact]
    public void Take_HalfRepeated_IsTheOtherHalf() =>
        new LaneState(505, []).Take(500, 10).ShouldBe([new(505, 510)]);

    [Fact]
    public void Take_AfterAGap_CountsWhatIsMissing()
    {
        var lane = new LaneState(505, []);

        lane.Take(520, 5).ShouldBe([new(520, 525)]);

        lane.Gaps.ShouldBe([new(505, 520)]);
        lane.LostChange.ShouldBe(15);
    }

    [Fact]
    public void Take_WhatWasMissing_IsNewAndSplitsTheGap()
    {
        var lane = new LaneState(600, [new(505, 520), new(530, 540)]);

        lane.Take(510, 25).ShouldBe([new(510, 520), new(530, 535)]);

        lane.Gaps.ShouldBe([new(505, 510), new(535, 540)]);
        lane.LostChange.ShouldBe(-15);
        lane.Next.ShouldBe(600);
    }

    [Fact]
    public void Take_AnyOrderWithRepeats_TakesEachNumberOnce()
    {
        var random = new Random(5);
        for (var round = 0; round < 200; round++)
        {
            var lane = new LaneState(0, []);
            var taken = new HashSet<long>();
            var sent = new HashSet<long>();
            for (var i = 0; i < 50; i++)
            {
                var first = random.Next(300);
                var count = random.Next(1, 20);
                sent.UnionWith(Enumerable.Range(first, count).Select(n => (long)n));
                foreach (var range in lane.Take(first, count))
                {
                    for (var number = range.From; number < range.To; number++)
                    {
                        taken.Add(number).ShouldBeTrue();
                    }
                }
            }

            taken.ShouldBe(sent, ignoreOrder: true);
            lane.Gaps.Sum(g => g.Count).ShouldBe(lane.Next!.Value - sent.Count);
            lane.LostChange.ShouldBe(lane.Gaps.Sum(g => g.Count));
        }
    }
}
