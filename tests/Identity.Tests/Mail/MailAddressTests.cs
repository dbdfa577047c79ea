using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.Identity.Tests.Mail;

public sealed class MailAddressTests
{
    [Theory]
    [InlineData("ops@example.org", true)]
    [InlineData("a.b+c=d@sub.example.org", true)]
    [InlineData("ops@localhost", true)]
    [InlineData("", false)]
    [InlineData("ops", false)]
    [InlineData("@example.org", false)]
    [InlineData("ops@", false)]
    [InlineData("ops@-example.org", false)]
    [InlineData("ops@example..org", false)]
    [InlineData("ops@example.org\n", false)]
    [InlineData("ops@example.org,more@example.org", false)]
    [InlineData("Ops <ops@example.org>", false)]
    [InlineData("öps@example.org", false)]
    [InlineData("o ps@example.org", false)]
    public void IsAddress_OfText_SaysWhetherItIsOne(string text, bool expected) =>
        MailAddressesAttribute.IsAddress(text).ShouldBe(expected);

    [Fact]
    public void IsAddress_PastTheLongest_SaysNo()
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('d', 60), 4));

        MailAddressesAttribute.IsAddress($"{new string('a', 10)}@{domain}").ShouldBeTrue();
        MailAddressesAttribute.IsAddress($"{new string('a', 11)}@{domain}").ShouldBeFalse();
    }
}
