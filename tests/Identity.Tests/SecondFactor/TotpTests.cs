using System.Text;
using ApiSvc.Identity.SecondFactor;

namespace ApiSvc.Identity.Tests.SecondFactor;

public sealed class TotpTests
{
    private static readonly byte[] Seed = Encoding.ASCII.GetBytes("12345678901234567890");

    // RFC 6238 appendix B, SHA-1.
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void CodeOf_VectorsOfTheStandard_AreMet(long seconds, string code) =>
        Totp.CodeOf(Seed, seconds / Totp.StepSeconds, 8).ShouldBe(code);

    // RFC 4226 appendix D.
    [Theory]
    [InlineData(0, "755224")]
    [InlineData(1, "287082")]
    [InlineData(9, "520489")]
    public void CodeOf_VectorsOfHotp_AreMet(long step, string code) =>
        Totp.CodeOf(Seed, step, 6).ShouldBe(code);

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void FindStep_OfACodeAside_TakesOneStep(int aside, bool isTaken)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1234567890);
        var step = now.ToUnixTimeSeconds() / Totp.StepSeconds + aside;

        Totp.FindStep(Seed, Totp.CodeOf(Seed, step, 6), now).ShouldBe(isTaken ? step : null);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("12345a")]
    [InlineData("１２３４５６")]
    public void FindStep_OfNoCode_IsNone(string? code) =>
        Totp.FindStep(Seed, code, DateTimeOffset.UnixEpoch).ShouldBeNull();

    [Fact]
    public void SeedText_Rfc4648Vectors_AreMet()
    {
        string Text(string octets) => SeedText.Of(Encoding.ASCII.GetBytes(octets));

        Text("").ShouldBe("");
        Text("f").ShouldBe("MY");
        Text("fo").ShouldBe("MZXQ");
        Text("foo").ShouldBe("MZXW6");
        Text("foob").ShouldBe("MZXW6YQ");
        Text("fooba").ShouldBe("MZXW6YTB");
        Text("foobar").ShouldBe("MZXW6YTBOI");
    }

    [Fact]
    public void RecoveryCode_MistypedAsPeopleDo_IsTheSame()
    {
        var code = RecoveryCode.New();

        RecoveryCode
            .HashOf(code.ToUpperInvariant().Replace('-', ' ').Replace('0', 'O').Replace('1', 'l'))
            .ShouldBe(RecoveryCode.HashOf(code));
        RecoveryCode.HashOf("123456").ShouldBeNull();
    }
}
