using System.Net;

namespace ApiSvc.Identity.Tests.SignIn;

public sealed class ClientAddressTests
{
    private static (string Key, string? Value)[] Settings(string? trusted) =>
        trusted is null ? [] : [("ClientAddress:TrustedProxies:0", trusted)];

    [Theory]
    [InlineData("127.0.0.0/8", "203.0.113.7", "203.0.113.7")]
    [InlineData("127.0.0.0/8", "198.51.100.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.0/8", "203.0.113.7", "127.0.0.1")]
    [InlineData(null, "203.0.113.7", "127.0.0.1")]
    public async Task Address_SaidByAProxy_IsBelievedIfTheProxyIsTrusted(
        string? trusted,
        string said,
        string taken
    )
    {
        await using var host = await IdentityHost.StartSigningInAsync([
            ("Administrator:User", "root"),
            ("Administrator:Password", SharedPeople.Password),
            .. Settings(trusted),
        ]);
        using var person = new Person(host) { ForwardedFor = said };

        var page = await person.SignInAsync("root", SharedPeople.Password);

        page.Status.ShouldBe(HttpStatusCode.OK, page.Text);
        page.Text.ShouldContain($"{taken}, last used");
    }
}
