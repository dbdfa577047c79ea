using ApiSvc.ServiceDefaults.Idempotency;
using Microsoft.Extensions.Primitives;

namespace ApiSvc.ServiceDefaults.Tests.Idempotency;

public sealed class IdempotencyKeyTests
{
    [Theory]
    [InlineData("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [InlineData("\"a b\"", "a b")]
    [InlineData("  \"a\" ", "a")]
    [InlineData("\"a\\\"b\\\\c\"", "a\"b\\c")]
    public void TryParse_Key_IsTaken(string header, string expected)
    {
        IdempotencyKey.TryParse(header, out var key).ShouldBeTrue();
        key.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("\"a")]
    [InlineData("a\"")]
    [InlineData("\"a\"b\"")]
    [InlineData("\"a\\\"")]
    [InlineData("\"a\\n\"")]
    [InlineData("\"\u00e9\"")]
    [InlineData("a b")]
    [InlineData("\"a\", \"b\"")]
    [InlineData("\"")]
    public void TryParse_Malformed_IsNot(string header) =>
        IdempotencyKey.TryParse(header, out _).ShouldBeFalse();

    [Fact]
    public void TryParse_TwoHeaders_IsNot() =>
        IdempotencyKey.TryParse(new StringValues(["a", "b"]), out _).ShouldBeFalse();

    [Fact]
    public void TryParse_Length_AtMost255()
    {
        IdempotencyKey.TryParse(new string('a', 255), out _).ShouldBeTrue();
        IdempotencyKey.TryParse(new string('a', 256), out _).ShouldBeFalse();
        IdempotencyKey.TryParse('"' + new string('a', 255) + '"', out _).ShouldBeTrue();
    }
}
