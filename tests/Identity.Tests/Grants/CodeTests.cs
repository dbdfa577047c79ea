using System.Net;
using ApiSvc.Identity.Tests.Sessions;
using Dapper;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ApiSvc.Identity.Tests.Grants;

/// <summary>RFC 6749 section 4.1.3, RFC 7636 section 4.6, OpenID Connect Core 1.0 sections 2 and 3.1.3.</summary>
public sealed class CodeTests(SharedIdentity identity) : CodeFlowTests(identity)
{
    [Fact]
    public async Task Redeem_ACode_GivesTokensThatTellOfUserAndClient()
    {
        var answer = await Flow.TokensAsync();

        answer["token_type"].ShouldBe("Bearer");
        answer["scope"].ShouldBe("openid profile email offline_access orders.read");
        answer["refresh_token"].ShouldNotBeNullOrEmpty();
        var access = new JsonWebToken(answer["access_token"]);
        access.Typ.ShouldBe("at+jwt");
        access.Subject.ShouldBe(Flow.User);
        access.Audiences.ShouldBe(["apis"]);
        access.GetClaim("client_id").Value.ShouldBe(Flow.ClientId);
        access.GetClaim("apisvc_kind").Value.ShouldBe("application");
        access.TryGetClaim("roles", out _).ShouldBeFalse();
        var id = await VerifiedAsync(answer["id_token"]);
        id.Issuer.ShouldBe(IdentityHost.Issuer);
        id.Subject.ShouldBe(Flow.User);
        id.Audiences.ShouldBe([Flow.ClientId]);
        id.GetClaim("nonce").Value.ShouldBe(CodeFlow.Nonce);
        id.GetPayloadValue<string[]>("amr").ShouldBe(["pwd", "otp"]);
        id.GetPayloadValue<long>("auth_time").ShouldBeInRange(1, EpochTime.GetIntDate(id.IssuedAt));
        id.GetClaim("sid").Value.ShouldBe(access.GetClaim("sid").Value);
        id.GetClaim("at_hash").Value.Length.ShouldBe(22);
        id.TryGetClaim("email", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Redeem_WithoutOpenId_GivesNoIdToken()
    {
        var answer = await Flow.TokensAsync(("scope", "orders.read"));

        answer.Body.TryGetProperty("id_token", out _).ShouldBeFalse();
        answer.Body.TryGetProperty("refresh_token", out _).ShouldBeFalse();
        (await Flow.UserInfoAsync(answer["access_token"])).ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Redeem_WithoutScope_GivesThoseOfTheClient() =>
        (await Flow.TokensAsync(("scope", null)))["scope"].ShouldBe("orders.read");

    [Theory]
    [InlineData("code_verifier", "another-verifier-of-at-least-43-characters-01234")]
    [InlineData("code_verifier", "short")]
    [InlineData("redirect_uri", CodeFlow.RedirectUri + "?shop=1")]
    [InlineData("redirect_uri", CodeFlow.RedirectUri + "/")]
    [InlineData("code", "unknown")]
    public async Task Redeem_WithAnotherParameter_IsRefused(string name, string value)
    {
        var code = await Flow.CodeAsync();

        (await Flow.RedeemAsync(code, (name, value))).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Redeem_WithTheChallengeAsPlainVerifier_IsRefused() =>
        (
            await Flow.RedeemAsync(await Flow.CodeAsync(), ("code_verifier", CodeFlow.Challenge))
        ).ShouldRefuse("invalid_grant");

    [Theory]
    [InlineData("code_verifier")]
    [InlineData("redirect_uri")]
    [InlineData("code")]
    public async Task Redeem_WithoutAParameter_IsRefused(string name) =>
        (await Flow.RedeemAsync(await Flow.CodeAsync(), (name, null))).ShouldRefuse(
            "invalid_request"
        );

    [Fact]
    public async Task Redeem_AsAnotherClient_IsRefusedAndLeavesTheCode()
    {
        using var other = await CodeFlow.StartAsync(Shared);
        var code = await Flow.CodeAsync();

        (await other.RedeemAsync(code)).ShouldRefuse("invalid_grant");

        (await Flow.RedeemAsync(code)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Redeem_Expired_IsRefused()
    {
        var code = await Flow.CodeAsync();
        await Shared.AdvanceAsync(TimeSpan.FromSeconds(61));

        (await Flow.RedeemAsync(code)).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Redeem_Twice_EndsWhatItGave()
    {
        var code = await Flow.CodeAsync();
        var given = (await Flow.RedeemAsync(code)).ShouldBe(HttpStatusCode.OK);
        (await Flow.IsActiveAsync(given["access_token"])).ShouldBeTrue();

        (await Flow.RedeemAsync(code)).ShouldRefuse("invalid_grant");

        (await Flow.IsActiveAsync(given["access_token"])).ShouldBeFalse();
        (await Flow.UserInfoAsync(given["access_token"])).ShouldBe(HttpStatusCode.Unauthorized);
        (await Flow.RefreshAsync(given["refresh_token"])).ShouldRefuse("invalid_grant");
        await using var db = new NpgsqlConnection(Flow.Host.ConnectionString);
        var audited = await db.QueryAsync<string>(
            "select action || ' ' || coalesce(after_state->>'reason', '') from service.audit_log where action like 'grant.%' order by position desc limit 2"
        );
        audited.ShouldBe(["grant.revoke code-reused", "grant.create "]);
    }

    [Fact]
    public async Task Redeem_ManyTimesAtOnce_GivesTokensOnce()
    {
        var code = await Flow.CodeAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Flow.RedeemAsync(code))
        );

        var given = answers.Where(a => a.Status == HttpStatusCode.OK).ShouldHaveSingleItem();
        (await Flow.IsActiveAsync(given["access_token"])).ShouldBeFalse();
    }

    [Fact]
    public async Task Redeem_ByAClientNotRegisteredForIt_IsRefused()
    {
        var (_, application) = await Shared.NewApplicationAsync();
        var (id, secret) = await Shared.Admin.CreateClientAsync(application);

        var answer = await Flow.Host.PostFormAsync(
            "/connect/token",
            IdentityHost.Basic(id, secret),
            ("grant_type", "authorization_code"),
            ("code", await Flow.CodeAsync())
        );

        answer.ShouldRefuse("unauthorized_client");
    }

    [Fact]
    public async Task Codes_AndTokens_AreKeptAndLoggedNowhere()
    {
        var code = await Flow.CodeAsync();
        var answer = (await Flow.RedeemAsync(code)).ShouldBe(HttpStatusCode.OK);
        (await Flow.RedeemAsync(code)).ShouldRefuse("invalid_grant");

        string[] secrets =
        [
            code,
            answer["refresh_token"],
            answer["access_token"],
            answer["id_token"],
            CodeFlow.Verifier,
        ];
        var logged = string.Join('\n', Flow.Host.Logs.All);
        await using var db = new NpgsqlConnection(Flow.Host.ConnectionString);
        var stored = string.Join(
            '\n',
            await db.QueryAsync<string>(
                """
                select row_to_json(c)::text from authorization_codes c
                union all select row_to_json(r)::text from refresh_tokens r
                union all select row_to_json(t)::text from granted_tokens t
                union all select row_to_json(g)::text from grants g
                union all select row_to_json(a)::text from service.audit_log a
                """
            )
        );
        secrets.ShouldAllBe(s => !logged.Contains(s) && !stored.Contains(s));
    }

    private async Task<JsonWebToken> VerifiedAsync(string text)
    {
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            text,
            new TokenValidationParameters
            {
                ValidIssuer = IdentityHost.Issuer,
                ValidAudience = Flow.ClientId,
                ValidAlgorithms = ["ES256"],
                LifetimeValidator = (_, expires, _, _) =>
                    expires > Flow.Host.Time.GetUtcNow().UtcDateTime,
                IssuerSigningKeys = new JsonWebKeySet(
                    await Flow.Host.Http.GetStringAsync("/.well-known/jwks.json")
                ).Keys,
            }
        );
        result.Exception.ShouldBeNull();
        return (JsonWebToken)result.SecurityToken;
    }
}
