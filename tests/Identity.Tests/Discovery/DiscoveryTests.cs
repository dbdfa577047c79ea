using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

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
        Words(root, "response_types_supported").ShouldBe(["code"]);
        Words(root, "code_challenge_methods_supported").ShouldBe(["S256"]);
        Words(root, "token_endpoint_auth_methods_supported")
            .ShouldBe(["client_secret_basic", "client_secret_post", "private_key_jwt", "none"]);
        Words(root, "introspection_endpoint_auth_methods_supported").ShouldNotContain("none");
        Words(root, "id_token_signing_alg_values_supported").ShouldBe(["ES256", "RS256"]);
        root.GetProperty("authorization_response_iss_parameter_supported")
            .GetBoolean()
            .ShouldBeTrue();
    }

    [Fact]
    public async Task Describe_EveryAddress_IsOneThatAnswers()
    {
        await using var host = await IdentityHost.StartReadyAsync();
        var paths = host
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Select(e => e.RoutePattern.RawText)
            .ToList();

        using var document = JsonDocument.Parse(
            await host.Http.GetStringAsync("/.well-known/openid-configuration")
        );

        document
            .RootElement.EnumerateObject()
            .Where(p =>
                p.Name.EndsWith("_endpoint", StringComparison.Ordinal) || p.Name == "jwks_uri"
            )
            .Select(p => p.Value.GetString()![IdentityHost.Issuer.Length..])
            .ShouldAllBe(path => paths.Contains(path));
    }

    private static IEnumerable<string?> Words(JsonElement root, string name) =>
        root.GetProperty(name).EnumerateArray().Select(w => w.GetString());

    [Fact]
    public async Task Keys_Ready_AreThePublicHalvesOnly()
    {
        await using var host = await IdentityHost.StartReadyAsync();

        using var document = JsonDocument.Parse(
            await host.Http.GetStringAsync("/.well-known/jwks.json")
        );

        foreach (var key in document.RootElement.GetProperty("keys").EnumerateArray())
        {
            string[] own =
                key.GetProperty("kty").GetString() == "EC" ? ["crv", "x", "y"] : ["n", "e"];
            key.EnumerateObject()
                .Select(p => p.Name)
                .ShouldBe(["kty", "use", "alg", "kid", .. own], ignoreOrder: true);
        }
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
