using ApiSvc.Identity.Passwords;

namespace ApiSvc.Identity.Tests.Passwords;

public sealed class PasswordRuleTests
{
    [Theory]
    [InlineData("brown foxes jump over 7 dogs")]
    [InlineData("correct horse battery")]
    [InlineData("vXk2-uTq9-mWz4")]
    [InlineData("Zwölf Boxkämpfer")]
    public void FindFault_OfAGoodOne_IsNone(string password) =>
        PasswordRule.FindFault(password, "ada", "Ada Shopper", "ada@example.org").ShouldBeNull();

    [Theory]
    [InlineData("passwordpassword")]
    [InlineData("P@ssw0rd!2026")]
    [InlineData("Welcome12345!")]
    [InlineData("123456789012")]
    [InlineData("qwertyuiop12")]
    [InlineData("aaaaaaaaaaaa")]
    [InlineData("abcabcabcabc")]
    [InlineData("summersummer1")]
    [InlineData("adminpassword")]
    [InlineData("1q1q1q1q1q1q")]
    [InlineData("letmeinplease")]
    public void FindFault_OfOneThatIsGuessedFirst_SaysSo(string password) =>
        PasswordRule.FindFault(password, "ada").ShouldNotBeNull().ShouldContain("guessed first");

    [Theory]
    [InlineData("i am shopper one")]
    [InlineData("adalovelace-4711")]
    public void FindFault_WithNameOrAddress_SaysSo(string password) =>
        PasswordRule
            .FindFault(password, "adal", "Ada Shopper", "adalovelace@example.org")
            .ShouldNotBeNull()
            .ShouldContain("must not contain", Case.Insensitive);

    [Theory]
    [InlineData(11, false)]
    [InlineData(12, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public void FindFault_OfLength_KeepsTheLimits(int length, bool isGood)
    {
        var password = string.Concat(
            Enumerable.Range(0, length).Select(i => (char)('A' + i * 7 % 53 % 26 + (i % 2 * 32)))
        );

        (PasswordRule.FindFault(password) is null).ShouldBe(isGood);
    }
}
