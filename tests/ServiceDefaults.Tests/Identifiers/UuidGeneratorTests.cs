using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.ServiceDefaults.Tests.Identifiers;

public sealed class UuidGeneratorTests
{
    private readonly SetTime _time = new() { Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero) };

    [Fact]
    public void Next_AnyRandom_HasVersionVariantAndTime()
    {
        var next = new UuidGenerator(_time, bytes => bytes.Fill(0xFF)).Next();

        next.Version.ShouldBe(7);
        (next.Variant & 0xC).ShouldBe(0x8);
        Millisecond(next).ShouldBe(_time.Now.ToUnixTimeMilliseconds());
    }

    [Fact]
    public void Next_WithinAMillisecondAndBackwards_StillGrows()
    {
        var generator = new UuidGenerator(_time);
        var made = new List<Guid>();
        for (var i = 0; i < 10_000; i++)
        {
            // Mostly still, sometimes on, sometimes back, as clocks that are set do.
            _time.Now += TimeSpan.FromMilliseconds(
                i % 100 == 0 ? 1
                : i % 77 == 0 ? -3
                : 0
            );
            made.Add(generator.Next());
        }

        var texts = made.ConvertAll(g => g.ToString());
        texts.ShouldBe(texts.Order(StringComparer.Ordinal));
        texts.Distinct().Count().ShouldBe(made.Count);
    }

    [Fact]
    public async Task Next_ManyThreads_NeverRepeats()
    {
        var generator = new UuidGenerator(TimeProvider.System);

        var made = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(() =>
                        Enumerable.Range(0, 5_000).Select(_ => generator.Next()).ToArray()
                    )
                )
        );

        made.SelectMany(g => g).Distinct().Count().ShouldBe(40_000);
        made.ShouldAllBe(lane =>
            lane.SequenceEqual(lane.OrderBy(g => g.ToString(), StringComparer.Ordinal))
        );
    }

    private static long Millisecond(Guid guid) =>
        Convert.ToInt64(guid.ToString("n")[..12], fromBase: 16);

    private sealed class SetTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
