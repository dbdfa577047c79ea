using ApiSvc.ServiceDefaults.Sealing;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.ServiceDefaults.Tests.Sealing;

public sealed class SealerTests
{
    private static readonly SealedPlace Place = new("secrets", Guid.Empty, "value");
    private readonly Sealer _sealer = new(Rings.Of("k1", "k1"));

    [Fact]
    public void Open_SealedAtThisPlace_GivesThePlainBytes() =>
        Prop.ForAll<byte[]>(plain =>
                _sealer.Open(Place, _sealer.Seal(Place, plain))
                    is { Failure: OpenFailure.None } opened
                && opened.Value!.AsSpan().SequenceEqual(plain)
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Seal_Twice_Differs() =>
        _sealer.SealText(Place, "x").ShouldNotBe(_sealer.SealText(Place, "x"));

    [Fact]
    public void Open_AnyBitChangedOrByteMissing_Fails()
    {
        var value = _sealer.SealText(Place, "a secret");
        for (var i = 0; i < value.Length * 8; i++)
        {
            var changed = value.ToArray();
            changed[i / 8] ^= (byte)(1 << (i % 8));
            _sealer.Open(Place, changed).Failure.ShouldNotBe(OpenFailure.None, $"bit {i}");
        }

        for (var length = 0; length < value.Length; length++)
        {
            _sealer.Open(Place, value.AsSpan(0, length)).Failure.ShouldNotBe(OpenFailure.None);
        }
    }

    [Fact]
    public void Open_AtAnotherPlace_IsNotAuthentic()
    {
        // The last two would run into the first if the parts were only joined.
        var value = _sealer.SealText(new("ab", "c", "d"), "x");
        SealedPlace[] others =
        [
            new("ab", "e", "d"),
            new("ab", "c", "e"),
            new("x", "c", "d"),
            new("a", "bc", "d"),
            new("ab", "cd", ""),
        ];

        others.ShouldAllBe(p => _sealer.Open(p, value).Failure == OpenFailure.NotAuthentic);
    }

    [Fact]
    public void Open_OldKeyInTheRing_StillOpens()
    {
        var value = _sealer.SealText(Place, "x");

        var opened = new Sealer(Rings.Of("k2", "k1", "k2")).Open(Place, value);

        opened.Text.ShouldBe("x");
    }

    [Fact]
    public void Open_UnknownKey_NamesIt()
    {
        var opened = new Sealer(Rings.Of("k2", "k2")).Open(Place, _sealer.SealText(Place, "x"));

        opened.Failure.ShouldBe(OpenFailure.UnknownKey);
        opened.Detail.ShouldContain("'k1'");
        opened.Value.ShouldBeNull();
    }

    [Fact]
    public void Open_SameIdOtherKey_IsNotAuthenticAndTellsNoKey()
    {
        var opened = new Sealer(Rings.Of("k1", ("k1", 99))).Open(
            Place,
            _sealer.SealText(Place, "x")
        );

        opened.Failure.ShouldBe(OpenFailure.NotAuthentic);
        opened.Detail.ShouldNotContain(Rings.Key(99));
    }

    [Fact]
    public void Derive_OtherPurpose_IsAnotherRing()
    {
        var ring = Rings.Of("k1", "k1");

        var value = new Sealer(ring.Derive("a")).SealText(Place, "x");

        new Sealer(ring.Derive("a")).Open(Place, value).Failure.ShouldBe(OpenFailure.None);
        new Sealer(ring.Derive("b")).Open(Place, value).Failure.ShouldBe(OpenFailure.NotAuthentic);
        new Sealer(ring).Open(Place, value).Failure.ShouldBe(OpenFailure.NotAuthentic);
    }
}
