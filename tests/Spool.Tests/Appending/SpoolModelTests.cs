using ApiSvc.Spool.Shipping;
using ApiSvc.Spool.Tests.Running;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.Spool.Tests.Appending;

/// <summary>Any order of appending, shipping, closing and being killed, against a list.</summary>
public sealed class SpoolModelTests
{
    private enum Step
    {
        AppendFew,
        AppendMany,
        Ship,
        ShipWithoutAnswer,
        Close,
        Kill,
    }

    [Fact]
    public void Spool_AnySteps_IsAListOfRecords()
    {
        var steps = Gen.Elements(Enum.GetValues<Step>()).ListOf();
        Prop.ForAll(steps.ToArbitrary(), list => Run([.. list]))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithEndSize(20));
    }

    private static bool Run(Step[] steps)
    {
        var box = new SpoolBox();
        try
        {
            // The model: what is in each lane, and how much of it Kafka has.
            var lanes = new[] { new List<ulong>(), new List<ulong>() };
            var shipped = new int[2];
            var readers = Readers(box);
            var number = 0UL;
            foreach (var step in steps)
            {
                switch (step)
                {
                    case Step.AppendFew:
                    case Step.AppendMany:
                        for (var i = 0; i < (step == Step.AppendFew ? 3 : 6_000); i++)
                        {
                            var at = box.AppendAsync(++number).GetAwaiter().GetResult();
                            at.Sequence.ShouldBe((ulong)lanes[at.Lane].Count + 1);
                            lanes[at.Lane].Add(number);
                        }

                        break;
                    case Step.Ship:
                        Ship(readers, shipped, isAnswered: true);
                        break;
                    case Step.ShipWithoutAnswer:
                        Ship(readers, shipped, isAnswered: false);
                        break;
                    case Step.Close:
                        box.Leave();
                        readers = Readers(box);
                        break;
                    default:
                        var next = box.AfterKill();
                        box.Dispose();
                        box = next;
                        readers = Readers(box);
                        break;
                }
            }

            box.Leave();
            var read = box.Read();
            for (var lane = 0; lane < lanes.Length; lane++)
            {
                read.Where(r => r.Key.Lane == lane)
                    .Select(r => r.Value)
                    .ShouldBe(lanes[lane].Skip(shipped[lane]));
            }

            return box.Spool.Status.Lost == 0;
        }
        finally
        {
            box.Dispose();
        }
    }

    private static LaneReader[] Readers(SpoolBox box) =>
        [.. box.Spool.Lanes.Select(l => new LaneReader(l))];

    private static void Ship(LaneReader[] readers, int[] shipped, bool isAnswered)
    {
        for (var lane = 0; lane < readers.Length; lane++)
        {
            if (readers[lane].Read(limit: 40_000) is { } batch)
            {
                batch.FirstSequence.ShouldBe((ulong)shipped[lane] + 1);
                if (isAnswered)
                {
                    readers[lane].Pass(batch);
                    batch.Segment.MarkShipped(batch.EndSequence);
                    shipped[lane] += batch.Count;
                }
            }
        }
    }
}
