using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>Calls with access tokens that Identity gave an application, through the whole suite.</summary>
[Collection<OpenSuiteTests>]
public sealed class TokenTests(OpenSuite open, ITestOutputHelper output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Call_WithTokens_IsAnsweredByWhatTheyAre(string version)
    {
        using var client = open.Door.Over(Version.Parse(version));
        var shop = await TokenShop.OpenAsync(open, $"tokens{version[0]}");
        var caller = await shop.NewClientAsync(true, "orders.read", "orders.write");
        var token = await caller.TokenAsync();
        await shop.ServedAsync(token);

        using var served = await shop.CallAsync(token, client: client);
        served.StatusCode.ShouldBe(HttpStatusCode.OK);
        served.Version.ShouldBe(client.DefaultRequestVersion);

        using var without = await shop.CallAsync(null, client: client);
        await ShouldBeAsync(without, HttpStatusCode.Unauthorized, "unauthorized");
        without.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer realm=\"apisvc\"");

        using var signer = await SuiteSigner.OpenAsync(open.Suite);
        (await shop.StatusAsync(signer.Change(token, (_, _) => { }), client)).ShouldBe(
            HttpStatusCode.OK,
            "what the test signs is what Identity signs"
        );
        foreach (var (what, wrong) in await WrongTokensAsync(token, signer))
        {
            using var refused = await shop.CallAsync(wrong, client: client);
            refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, what);
            await ShouldBeAsync(refused, HttpStatusCode.Unauthorized, "unauthorized");
            // RFC 6750 section 3.1.
            var challenge = refused.Headers.WwwAuthenticate.ShouldHaveSingleItem(what);
            challenge.Scheme.ShouldBe("Bearer");
            challenge.Parameter.ShouldBe("realm=\"apisvc\", error=\"invalid_token\"");
        }

        using var narrow = await shop.CallAsync(token, HttpMethod.Delete, client);
        await ShouldBeAsync(narrow, HttpStatusCode.Forbidden, "insufficient-scope");
        var scope = narrow.Headers.WwwAuthenticate.ShouldHaveSingleItem().Parameter!;
        scope.ShouldContain("error=\"insufficient_scope\"");
        scope.ShouldContain("scope=\"orders.read orders.clear\"");
        (await shop.StatusAsync(await caller.TokenAsync("orders.write"), client)).ShouldBe(
            HttpStatusCode.Forbidden
        );
        (await shop.StatusAsync(await caller.TokenAsync("orders.read"), client)).ShouldBe(
            HttpStatusCode.OK
        );

        var stranger = await shop.NewClientAsync(isSubscribed: false, "orders.read");
        var strangers = await stranger.TokenAsync();
        await Eventually.HoldsAsync(
            async () => await shop.StatusAsync(strangers, client) == HttpStatusCode.Forbidden,
            "the application is known"
        );
        using var unsubscribed = await shop.CallAsync(strangers, client: client);
        await ShouldBeAsync(unsubscribed, HttpStatusCode.Forbidden, "subscription-required");
    }

    [Fact]
    public async Task Rights_OfTokensTakenAway_AreRefusedWithinASecond()
    {
        var shop = await TokenShop.OpenAsync(open, "ending");
        for (var i = 0; i < 3; i++)
        {
            var caller = await shop.NewClientAsync(true, "orders.read");
            var (token, kept) = (await caller.TokenAsync(), await caller.TokenAsync());
            await shop.ServedAsync(token);
            await shop.ServedAsync(kept);

            await caller.RevokeAsync(token);
            await RefusedInTimeAsync(shop, token, "revoked token");
            (await shop.StatusAsync(kept)).ShouldBe(HttpStatusCode.OK, "only the one token ended");

            await caller.ManageAsync("revoke-tokens");
            await RefusedInTimeAsync(shop, kept, "tokens of a client ended");
            var later = await caller.TokenAsync();
            await shop.ServedAsync(later);

            await caller.ManageAsync("revoke");
            await RefusedInTimeAsync(shop, later, "deleted client");
        }
    }

    private async Task RefusedInTimeAsync(TokenShop shop, string token, string what)
    {
        var start = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(
            async () => await shop.StatusAsync(token) == HttpStatusCode.Unauthorized,
            what
        );
        var time = Stopwatch.GetElapsedTime(start);
        output.WriteLine($"{what}: refused after {time.TotalMilliseconds:F0} ms");
        time.ShouldBeLessThan(Longest, what);
    }

    private async Task<(string What, string Token)[]> WrongTokensAsync(
        string token,
        SuiteSigner signer
    )
    {
        var past = DateTimeOffset.UtcNow.AddMinutes(-1).ToUnixTimeSeconds();
        var future = DateTimeOffset.UtcNow.AddMinutes(2).ToUnixTimeSeconds();
        return
        [
            ("for another audience", signer.Change(token, (_, c) => c["aud"] = "others")),
            ("of another issuer", signer.Change(token, (_, c) => c["iss"] = "https://id.example")),
            ("expired", signer.Change(token, (_, c) => c["exp"] = past)),
            ("without an end", signer.Change(token, (_, c) => c.Remove("exp"))),
            ("not yet valid", signer.Change(token, (_, c) => c["nbf"] = future)),
            ("of a client that is none", signer.Change(token, (_, c) => c["client_id"] = "x")),
            ("no access token", signer.Change(token, (h, _) => h["typ"] = "JWT")),
            ("of an unknown key", signer.Change(token, (h, _) => h["kid"] = "unknown")),
            ("tampered with", SuiteSigner.Forge(token, (_, c) => c["scope"] = "orders.clear")),
            (
                "without a signature",
                SuiteSigner.Forge(token, (h, _) => h["alg"] = "none", isSigned: false)
            ),
            ("signed with the public key", signer.Confuse(token)),
            ("for the management API", await open.Suite.TokenAsync("admin", "catalog")),
            ("nothing that can be read", "not.a.token"),
        ];
    }

    private static async Task ShouldBeAsync(
        HttpResponseMessage answer,
        HttpStatusCode status,
        string problem
    )
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        ((string)body["type"]!).ShouldBe($"https://apisvc.dev/problems/{problem}");
    }
}
