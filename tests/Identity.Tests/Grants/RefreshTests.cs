using System.Net;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Tests.Sessions;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;

namespace ApiSvc.Identity.Tests.Grants;

/// <summary>RFC 6749 section 6, RFC 9700 section 4.14, OpenID Connect Core 1.0 section 12.</summary>
public sealed class RefreshTests(SharedIdentity identity)
    : IClassFixture<SharedIdentity>,
        IAsyncLifetime
{
    private CodeFlow _flow = null!;

    public async ValueTask InitializeAsync() => _flow = await CodeFlow.StartAsync(identity);

    public ValueTask DisposeAsync()
    {
        _flow.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Refresh_Once_GivesTheNextOfTheSameUser()
    {
        var first = await _flow.TokensAsync();

        var second = (await _flow.RefreshAsync(first["refresh_token"])).ShouldBe(HttpStatusCode.OK);

        second["refresh_token"].ShouldNotBe(first["refresh_token"]);
        var id = new JsonWebToken(second["id_token"]);
        id.Subject.ShouldBe(_flow.User);
        id.TryGetClaim("nonce", out _).ShouldBeFalse();
        id.GetClaim("auth_time")
            .Value.ShouldBe(new JsonWebToken(first["id_token"]).GetClaim("auth_time").Value);
        (await _flow.IsActiveAsync(second["access_token"])).ShouldBeTrue();
        (await _flow.IsActiveAsync(first["refresh_token"])).ShouldBeFalse();
    }

    [Fact]
    public async Task Refresh_WithAUsedOne_EndsTheFamily()
    {
        var first = await _flow.TokensAsync();
        var second = (await _flow.RefreshAsync(first["refresh_token"])).ShouldBe(HttpStatusCode.OK);
        var other = await _flow.TokensAsync();

        (await _flow.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");

        (await _flow.RefreshAsync(second["refresh_token"])).ShouldRefuse("invalid_grant");
        (await _flow.IsActiveAsync(first["access_token"])).ShouldBeFalse();
        (await _flow.IsActiveAsync(second["access_token"])).ShouldBeFalse();
        // Another family of the same user and client goes on.
        (await _flow.RefreshAsync(other["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_ManyTimesAtOnce_GivesTokensOnce()
    {
        var first = await _flow.TokensAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => _flow.RefreshAsync(first["refresh_token"]))
        );

        answers.Count(a => a.Status == HttpStatusCode.OK).ShouldBe(1);
    }

    [Fact]
    public async Task Refresh_ForLess_GivesLessThisOnce()
    {
        var first = await _flow.TokensAsync();

        var less = await _flow.RefreshAsync(first["refresh_token"], ("scope", "orders.read"));
        less["scope"].ShouldBe("orders.read");
        less.Body.TryGetProperty("id_token", out _).ShouldBeFalse();

        (await _flow.RefreshAsync(less["refresh_token"]))["scope"].ShouldBe(first["scope"]);
    }

    [Fact]
    public async Task Refresh_ForMore_IsRefusedAndLeavesTheToken()
    {
        var first = await _flow.TokensAsync(("scope", "openid offline_access"));

        (
            await _flow.RefreshAsync(first["refresh_token"], ("scope", "openid orders.read"))
        ).ShouldRefuse("invalid_scope");

        (await _flow.RefreshAsync(first["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_AsAnotherClient_IsRefusedAndLeavesTheToken()
    {
        using var other = await CodeFlow.StartAsync(identity);
        var first = await _flow.TokensAsync();

        (await other.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");

        (await _flow.RefreshAsync(first["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refresh_Expired_IsRefused()
    {
        var first = await _flow.TokensAsync();
        await identity.AdvanceAsync(TimeSpan.FromDays(14) + TimeSpan.FromSeconds(1));

        (await _flow.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");
    }

    [Fact]
    public async Task Revoke_TheRefreshToken_EndsTheFamily()
    {
        using var other = await CodeFlow.StartAsync(identity);
        var first = await _flow.TokensAsync();
        (await other.PostAsync("/connect/revoke", ("token", first["refresh_token"]))).ShouldBe(
            HttpStatusCode.OK
        );
        (await _flow.IsActiveAsync(first["refresh_token"])).ShouldBeTrue();

        (await _flow.PostAsync("/connect/revoke", ("token", first["refresh_token"]))).ShouldBe(
            HttpStatusCode.OK
        );

        (await _flow.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");
        (await _flow.IsActiveAsync(first["access_token"])).ShouldBeFalse();
    }

    [Fact]
    public async Task RevokeTokens_OfTheClient_EndsWhatUsersGaveIt()
    {
        var first = await _flow.TokensAsync();

        await identity.Admin.PostAsync($"/v1/oauth-clients/{_flow.ClientId}/revoke-tokens");

        (await _flow.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");
        (await _flow.IsActiveAsync(first["access_token"])).ShouldBeFalse();
    }

    [Fact]
    public async Task Refresh_ForScopesThatTheClientLost_GivesTheRest()
    {
        var first = await _flow.TokensAsync();
        (
            await identity.Admin.PutAsync(
                $"/v1/oauth-clients/{_flow.ClientId}",
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

        var rest = await _flow.RefreshAsync(first["refresh_token"]);

        rest["scope"].ShouldBe("openid profile email offline_access");
        (await _flow.RefreshAsync(rest["refresh_token"], ("scope", "orders.read"))).ShouldRefuse(
            "invalid_scope"
        );
    }

    [Fact]
    public async Task DeletedUser_WhatItGave_Ends()
    {
        var first = await _flow.TokensAsync();

        (await identity.Admin.DeleteAsync($"/v1/users/{_flow.User}", "*")).ShouldBe(
            HttpStatusCode.NoContent
        );

        (await _flow.RefreshAsync(first["refresh_token"])).ShouldRefuse("invalid_grant");
        (await _flow.IsActiveAsync(first["access_token"])).ShouldBeFalse();
        (await _flow.AuthorizeAsync(("prompt", "none"))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task Sweep_TakesWhatIsOverAndLeavesTheRest()
    {
        var kept = await _flow.TokensAsync();
        await _flow.TokensAsync(("scope", "openid"));
        await identity.AdvanceAsync(TimeSpan.FromDays(2));

        await _flow
            .Host.Services.GetRequiredService<GrantSweeper>()
            .SweepAsync(CancellationToken.None);

        await using var db = new NpgsqlConnection(_flow.Host.ConnectionString);
        (
            await db.ExecuteScalarAsync<long>(
                "select count(*) from grants where client_id = @ClientId",
                new { _flow.ClientId }
            )
        ).ShouldBe(1);
        (await _flow.RefreshAsync(kept["refresh_token"])).ShouldBe(HttpStatusCode.OK);
    }
}
