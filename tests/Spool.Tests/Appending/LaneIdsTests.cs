using System.Buffers.Binary;
using ApiSvc.Spool.Lanes;

namespace ApiSvc.Spool.Tests.Appending;

public sealed class LaneIdsTests
{
    [Fact]
    public void Next_ClockStandsAndStepsBack_EachIsGreater()
    {
        var ids = new LaneIds();
        var last = Guid.Empty;
        foreach (var time in (long[])[1_000, 1_000, 1_001, 900, 900, 2_000])
        {
            for (var i = 0; i < 10_000; i++)
            {
                var id = ids.Next(time);
                Compare(id, last).ShouldBeGreaterThan(0);
                last = id;
            }
        }

        MillisecondOf(last).ShouldBe(2_000);
    }

    [Fact]
    public void Next_OfTwoLanesInOneMillisecond_Differ()
    {
        var (one, two) = (new LaneIds(), new LaneIds());
        var all = new HashSet<Guid>();
        for (var i = 0; i < 10_000; i++)
        {
            all.Add(one.Next(i / 100));
            all.Add(two.Next(i / 100));
        }

        all.Count.ShouldBe(20_000);
    }

    private static int Compare(Guid one, Guid other) =>
        one.ToByteArray(bigEndian: true).AsSpan().SequenceCompareTo(other.ToByteArray(true));

    private static long MillisecondOf(Guid id) =>
        (long)(BinaryPrimitives.ReadUInt64BigEndian(id.ToByteArray(bigEndian: true)) >> 16);
}
