using System.Net;
using System.Text.Json;

namespace ApiSvc.Identity.Tests.Discovery;

public sealed class DiscoveryTests
{
    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task Describe_Always_NamesIssuerAndAddresses(string path)
    {
        await using var host = await IdentityHost.StartReadyAsync();

        using var document = JsonDocument.Parse(await host.Http.GetStringAsync(path));

        var root = document.RootElement;
        root.GetProperty("issuer").GetString().ShouldBe(IdentityHost.Issuer);
        root.GetProperty("token_endpoint")
            .GetString()
            .ShouldBe($"{IdentityHost.Issuer}/connect/token");
        root.GetProperty("jwks_uri")
            .GetString()
            .ShouldBe($"{IdentityHost.Issuer}/.well-known/jwks.json");
        root.GetProperty("grant_types_supported")[0].GetString().ShouldBe("client_credentials");
    }

    [Fact]
    public async Task Keys_Ready_AreThePublicHalvesOnly()
    {
        await using var host = await IdentityHost.StartReadyAsync();

        using var document = JsonDocument.Parse(
            await host.Http.GetStringAsync("/.well-known/jwks.json")
        );

        var key = document.RootElement.GetProperty("keys").EnumerateArray().ShouldHaveSingleItem();
        key.EnumerateObject()
            .Select(p => p.Name)
            .ShouldBe(["kty", "use", "alg", "crv", "kid", "x", "y"], ignoreOrder: true);
    }

    [Fact]
    public async Task Keys_NoDatabase_AreUnavailableAndHealthSaysSo()
    {
        await using var host = await IdentityHost.StartAsync(
            "Host=/nowhere;Database=identitydb;Username=postgres"
        );

        using var keys = await host.Http.GetAsync("/.well-known/jwks.json");
        using var health = await host.Management.GetAsync("/health");

        keys.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await health.Content.ReadAsStringAsync()).ShouldContain("signing-keys");
    }
}
