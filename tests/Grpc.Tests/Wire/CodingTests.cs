using FsCheck.Fluent;
using Grpc.Net.Wire;

namespace ApiSvc.GrpcTests.Wire;

public sealed class CodingTests
{
    [Theory]
    [InlineData("1H", 36_000_000_000)]
    [InlineData("2M", 1_200_000_000)]
    [InlineData("3S", 30_000_000)]
    [InlineData("4m", 40_000)]
    [InlineData("5u", 50)]
    [InlineData("600n", 6)]
    [InlineData("1n", 1)]
    [InlineData("0S", 0)]
    [InlineData("99999999H", 3_599_999_964_000_000_000)]
    public void TryParse_Timeout_IsRead(string text, long ticks)
    {
        GrpcTimeout.TryParse(text, out var timeout).ShouldBeTrue();
        timeout.Ticks.ShouldBe(ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData("1.5S")]
    [InlineData(" 1S")]
    [InlineData("1 S")]
    [InlineData("123456789S")]
    public void TryParse_NoTimeout_IsFalse(string text) =>
        GrpcTimeout.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void Format_AnyTimeout_IsReadBackNotShorterAndAtMostAMinuteOrPartLonger() =>
        FsCheck.Check.QuickThrowOnFailure(
            Prop.ForAll(
                ArbMap.Default.ArbFor<long>(),
                number =>
                {
                    var timeout = TimeSpan.FromTicks(
                        Math.Abs(number % TimeSpan.TicksPerDay * 1000) + 1
                    );
                    var text = GrpcTimeout.Format(timeout);
                    return GrpcTimeout.TryParse(text, out var read)
                        && read >= timeout
                        && read - timeout <= TimeSpan.FromTicks((timeout.Ticks / 1_000_000) + 10);
                }
            )
        );

    [Fact]
    public void Format_EdgeCases_StayWithinEightDigits()
    {
        GrpcTimeout.Format(TimeSpan.Zero).ShouldBe("1n");
        GrpcTimeout.Format(TimeSpan.FromTicks(1)).ShouldBe("1u");
        GrpcTimeout.Format(TimeSpan.FromSeconds(99)).ShouldBe("99000000u");
        GrpcTimeout.Format(TimeSpan.FromSeconds(100)).ShouldBe("100000m");
        GrpcTimeout.Format(TimeSpan.MaxValue).ShouldBe("99999999H");
    }

    [Theory]
    [InlineData("plain ~text!", "plain ~text!")]
    [InlineData("100%", "100%25")]
    [InlineData("ä☃😀", "%C3%A4%E2%98%83%F0%9F%98%80")]
    [InlineData("a\r\nb\0\u007f", "a%0D%0Ab%00%7F")]
    public void Encode_Message_IsPercentCoded(string text, string coded)
    {
        PercentCoding.Encode(text).ShouldBe(coded);
        PercentCoding.Decode(coded).ShouldBe(text);
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz", "%zz")]
    [InlineData("%41%", "A%")]
    [InlineData("%e2%98%83", "☃")]
    public void Decode_WrongEscape_StandsAsItIs(string coded, string text) =>
        PercentCoding.Decode(coded).ShouldBe(text);

    [Fact]
    public void Decode_AnyEncoded_GivesItBack() =>
        FsCheck.Check.QuickThrowOnFailure(
            Prop.ForAll(
                ArbMap.Default.ArbFor<FsCheck.UnicodeString>(),
                text =>
                    text.Get is null
                    || HasLoneSurrogate(text.Get)
                    || PercentCoding.Decode(PercentCoding.Encode(text.Get)) == text.Get
            )
        );

    [Fact]
    public void DecodeBinary_AnyBytesPaddedOrNot_GivesThemBack() =>
        FsCheck.Check.QuickThrowOnFailure(
            Prop.ForAll(
                ArbMap.Default.ArbFor<byte[]>(),
                octets =>
                {
                    var padded = Convert.ToBase64String(octets ?? []);
                    return MetadataCoding.DecodeBinary(padded).AsSpan().SequenceEqual(octets)
                        && MetadataCoding
                            .DecodeBinary(padded.TrimEnd('='))
                            .AsSpan()
                            .SequenceEqual(octets);
                }
            )
        );

    [Theory]
    [InlineData("A")]
    [InlineData("A*==")]
    [InlineData("====A")]
    public void DecodeBinary_NotBase64_Throws(string text) =>
        Should.Throw<FormatException>(() => MetadataCoding.DecodeBinary(text));

    private static bool HasLoneSurrogate(string text) =>
        text.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar);
}
