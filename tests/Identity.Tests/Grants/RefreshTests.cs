using System.Net;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Tests.Sessions;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;

namespace ApiSvc.Identity.Tests.Grants;

/// <summary>RFC 6749 section 6, RFC 9700 section 4.14, OpenID Connect Core 1.0 section 12.</summary>
public sealed class RefreshTests(SharedIdentity identity) : CodeFlowTests(identity)
{
    [Fact]
    public async Task Refresh_Once_GivesTheNextOfTheSameUser()
    {
        var first = await Flow.TokensAsync();

        var second = (await Flow.RefreshAsync(first["refresh_token"])).ShouldBe(HttpStatusCode.OK);

        second["refresh_token"].ShouldNotBe(first["refresh_token"]);
        var id = new JsonWebToken(second["id_token"]);
        id.Subject.ShouldBe(Flow.User);
        id.TryGetClaim("nonce", out _).ShouldBeFalse();
        id.GetClaim("auth_time")
            .Value.ShouldBe(new JsonWebToken(first["id_token"]).GetClaim("auth_time").Value);
        (await Flow.IsActiveAsync(second["access_token"])).ShouldBeTrue();
        (await Flow.IsActiveAsync(first["refresh_token"])).ShouldBeFalse();
    }

    [Fact]
    public async Task Refresh_WithAUsedOne_EndsTheFamily()
    {
        var first = await Flow.TokensAsync();
        var second = (await Flow.RefreshAsync(first["refresh_token"])).ShouldBe(HttpStatusCode.OK);
        var other = await Flow.TokensAsync();

        (await Flow.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");

        (await Flow.RefreshAsync(second["refresh_token"])).ShouldRefuse("invalid_grant");
        (await Flow.IsActiveAsync(first["access_token"])).ShouldBeFalse();
        (await Flow.IsActiveAsync(second["access_token"])).ShouldBeFalse();
        // Another family of the same user and client goes on.
        (await Flow.RefreshAsync(other["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_ManyTimesAtOnce_GivesTokensOnce()
    {
        var first = await Flow.TokensAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Flow.RefreshAsync(first["refresh_token"]))
        );

        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task Refresh_ForLess_GivesLessThisOnce()
    {
        var first = await Flow.TokensAsync();

        var less = await Flow.RefreshAsync(first["refresh_token"], ("scope", "orders.read"));
        less["scope"].ShouldBe("orders.read");
        less.Body.TryGetProperty("id_token", out _).ShouldBeFalse();

        (await Flow.RefreshAsync(less["refresh_token"]))["scope"].ShouldBe(first["scope"]);
    }

    [Fact]
    public async Task Refresh_ForMore_IsRefusedAndLeavesTheToken()
    {
        var first = await Flow.TokensAsync(("scope", "openid offline_access"));

        (
            await Flow.RefreshAsync(first["refresh_token"], ("scope", "openid orders.read"))
        ).ShouldRefuse("invalid_scope");

        (await Flow.RefreshAsync(first["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_AsAnotherClient_IsRefusedAndLeavesTheToken()
    {
        using var other = await CodeFlow.StartAsync(Shared);
        var first = await Flow.TokensAsync();

        (await other.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");

        (await Flow.RefreshAsync(first["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_Expired_IsRefused()
    {
        var first = await Flow.TokensAsync();
        await Shared.AdvanceAsync(TimeSpan.FromDays(14) + TimeSpan.FromSeconds(1));

        (await Flow.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Revoke_TheRefreshToken_EndsTheFamily()
    {
        using var other = await CodeFlow.StartAsync(Shared);
        var first = await Flow.TokensAsync();
        (await other.PostAsync("/connect/revoke", ("token", first["refresh_token"]))).ShouldBe(
            HttpStatusCode.OK
        );
        (await Flow.IsActiveAsync(first["refresh_token"])).ShouldBeTrue();

        (await Flow.PostAsync("/connect/revoke", ("token", first["refresh_token"]))).ShouldBe(
            HttpStatusCode.OK
        );

        (await Flow.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");
        (await Flow.IsActiveAsync(first["access_token"])).ShouldBeFalse();
    }

    [Fact]
    public async Task RevokeTokens_OfTheClient_EndsWhatUsersGaveIt()
    {
        var first = await Flow.TokensAsync();

        await Shared.Admin.PostAsync($"/v1/oauth-clients/{Flow.ClientId}/revoke-tokens");

        (await Flow.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");
        (await Flow.IsActiveAsync(first["access_token"])).ShouldBeFalse();
    }

    [Fact]
    public async Task Refresh_ForScopesThatTheClientLost_GivesTheRest()
    {
        var first = await Flow.TokensAsync();
        (
            await Shared.Admin.PutAsync(
                $"/v1/oauth-clients/{Flow.ClientId}",
                new
                {
                    environment = "sandbox",
                    name = "Shop",
                    grantTypes = new[] { "authorization_code", "refresh_token" },
                    redirectUris = new[] { CodeFlow.RedirectUri },
                },
                "*"
            )
        ).ShouldBe(HttpStatusCode.OK);

        var rest = await Flow.RefreshAsync(first["refresh_token"]);

        rest["scope"].ShouldBe("openid profile email offline_access");
        (await Flow.RefreshAsync(rest["refresh_token"], ("scope", "orders.read"))).ShouldRefuse(
            "invalid_scope"
        );
    }

    [Fact]
    public async Task DeletedUser_WhatItGave_Ends()
    {
        var first = await Flow.TokensAsync();

        (await Shared.Admin.DeleteAsync($"/v1/users/{Flow.User}", "*")).ShouldBe(
            HttpStatusCode.NoContent
        );

        (await Flow.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");
        (await Flow.IsActiveAsync(first["access_token"])).ShouldBeFalse();
        (await Flow.AuthorizeAsync(("prompt", "none"))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Sweep_TakesWhatIsOverAndLeavesTheRest()
    {
        var kept = await Flow.TokensAsync();
        await Flow.TokensAsync(("scope", "openid"));
        await Shared.AdvanceAsync(TimeSpan.FromDays(2));

        await Flow
            .Host.Services.GetRequiredService<GrantSweeper>()
            .SweepAsync(CancellationToken.None);

        await using var db = new NpgsqlConnection(Flow.Host.ConnectionString);
        (
            await db.ExecuteScalarAsync<long>(
                "select count(*) from grants where client_id = @ClientId",
                new { Flow.ClientId }
            )
        ).ShouldBe(1);
        (await Flow.RefreshAsync(kept["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }
}
