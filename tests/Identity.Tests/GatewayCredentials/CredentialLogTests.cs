using System.Net;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.ApiKeys;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ApiSvc.Identity.Tests.GatewayCredentials;

/// <summary>What gateways get to know, and when.</summary>
public sealed class CredentialLogTests : IAsyncLifetime
{
    private IdentityHost _host = null!;
    private ApiCaller _admin = null!;
    private string _team = null!;
    private string _application = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await IdentityHost.StartReadyAsync();
        _admin = await _host.AdminAsync();
        _team = await _admin.CreateTeamAsync("makers");
        _application = _host.AddApplication(_team);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Snapshot_OfANewInstallation_HasTheIssuerWithItsPublicKeysAlone()
    {
        using var follower = await CredentialFollower.OpenAsync(_host, "production");

        follower.Count.ShouldBe(1);
        var issuer = follower.Get<Issuer>(CredentialKind.Issuer, IdentityHost.Issuer);
        issuer.Issuer_.ShouldBe(IdentityHost.Issuer);
        issuer.Audiences.ShouldBe(["apis"]);
        issuer.Algorithms.ShouldBe(["ES256", "RS256"]);
        issuer.JwksUri.ShouldBeEmpty();
        var keys = issuer.Jwks.ToStringUtf8();
        keys.ShouldBe(await _host.Http.GetStringAsync("/.well-known/jwks.json"));
        var set = new JsonWebKeySet(keys).Keys;
        set.Count.ShouldBe(4, "one that signs and one that waits, by each algorithm");
        set.ShouldAllBe(k => !k.HasPrivateKey);
    }

    [Fact]
    public async Task Key_MadeAndRevoked_IsAHashInItsEnvironmentAndGone()
    {
        using var follower = await CredentialFollower.OpenAsync(_host);
        using var production = await CredentialFollower.OpenAsync(_host, "production");
        var made = await _admin.PostAsync(
            $"/v1/applications/{_application}/api-keys",
            new
            {
                environment = "sandbox",
                name = "k",
                expiresAt = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero),
                allowedNetworks = new[] { "192.0.2.0/24" },
                scopes = new[] { "orders.read" },
            }
        );
        var id = made.Body.GetProperty("apiKey").GetProperty("id").GetString()!;
        var resource = IdOf<KeyKind>(id);
        await follower.UntilAsync(() => follower.Has(CredentialKind.ApiKey, resource));

        var key = follower.Get<ApiKey>(CredentialKind.ApiKey, resource);
        key.KeyId.ToByteArray().ShouldBe(resource);
        key.ApplicationId.ToByteArray().ShouldBe(IdOf<ApplicationKind>(_application));
        key.Sha256.ToByteArray().ShouldBe(ApiKeyFormat.Hash(made["secret"]));
        key.VisiblePrefix.ShouldBe(ApiKeyFormat.VisiblePrefix(made["secret"]));
        key.ExpiresAt.ToDateTimeOffset().Year.ShouldBe(2100);
        key.AllowedNetworks.ShouldBe(["192.0.2.0/24"]);
        key.Scopes.ShouldBe(["orders.read"]);

        (await _admin.PostAsync($"/v1/api-keys/{id}/revoke")).ShouldBe(HttpStatusCode.OK);
        await follower.UntilAsync(() => !follower.Has(CredentialKind.ApiKey, resource));

        // What comes last in the other environment is all that came there.
        var (clientId, _) = await CreateInProductionAsync();
        await production.UntilAsync(() =>
            production.Has(CredentialKind.OauthClient, IdOf<OAuthClientKind>(clientId))
        );
        production.Deltas.SelectMany(d => d.Changes).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Client_MadeAndRevoked_IsItsIdWithoutASecretAndGone()
    {
        using var follower = await CredentialFollower.OpenAsync(_host);

        var (id, secret) = await _admin.CreateClientAsync(_application, "orders.read");
        var resource = IdOf<OAuthClientKind>(id);
        await follower.UntilAsync(() => follower.Has(CredentialKind.OauthClient, resource));

        var client = follower.Get<OAuthClient>(CredentialKind.OauthClient, resource);
        client.ShouldBe(
            new OAuthClient
            {
                Issuer = IdentityHost.Issuer,
                ClientId = id,
                ApplicationId = Google.Protobuf.ByteString.CopyFrom(
                    IdOf<ApplicationKind>(_application)
                ),
                Scopes = { "orders.read" },
            }
        );
        client.ToString().ShouldNotContain(secret);

        await _admin.PostAsync($"/v1/oauth-clients/{id}/revoke");
        await follower.UntilAsync(() => !follower.Has(CredentialKind.OauthClient, resource));
    }

    [Fact]
    public async Task Tokens_OfAClientEnded_AreAnEpochThatNewTokensPass()
    {
        using var follower = await CredentialFollower.OpenAsync(_host);
        var (id, secret) = await _admin.CreateClientAsync(_application);
        var before = new JsonWebToken(await _host.TokenAsync(id, secret));

        await _admin.PostAsync($"/v1/oauth-clients/{id}/revoke-tokens");
        var after = new JsonWebToken(await _host.TokenAsync(id, secret));
        var resource = IdOf<OAuthClientKind>(id);
        await follower.UntilAsync(() => follower.Has(CredentialKind.Epoch, resource));

        var epoch = follower.Get<Epoch>(CredentialKind.Epoch, resource);
        epoch.ClientId.ShouldBe(id);
        before.IssuedAt.ShouldBeLessThan(epoch.NotBefore.ToDateTime());
        after.IssuedAt.ShouldBeGreaterThanOrEqualTo(epoch.NotBefore.ToDateTime());
    }

    [Fact]
    public async Task Token_Revoked_IsItsIdUntilItExpires()
    {
        using var follower = await CredentialFollower.OpenAsync(_host);
        var (id, secret) = await _admin.CreateClientAsync(_application);
        var text = await _host.TokenAsync(id, secret);
        var token = new JsonWebToken(text);

        await _host.RevokeAsync(id, secret, text);
        await follower.UntilAsync(() => follower.Has(CredentialKind.RevokedToken, token.Id));

        var revoked = follower.Get<RevokedToken>(CredentialKind.RevokedToken, token.Id);
        revoked.TokenId.ShouldBe(token.Id);
        revoked.ExpiresAt.ToDateTime().ShouldBe(token.ValidTo);
    }

    [Fact]
    public async Task Sweep_WhatSaysNothingAnyMore_IsTakenOutAndTheRestStays()
    {
        using var follower = await CredentialFollower.OpenAsync(_host);
        var (id, secret) = await _admin.CreateClientAsync(_application);
        var (freshId, _) = await _admin.CreateClientAsync(_application);
        var (old, fresh) = (await _host.TokenAsync(id, secret), await _host.TokenAsync(id, secret));
        await _host.RevokeAsync(id, secret, old);
        await _host.RevokeAsync(id, secret, fresh);
        await _admin.PostAsync($"/v1/oauth-clients/{id}/revoke-tokens");
        await _admin.PostAsync($"/v1/oauth-clients/{freshId}/revoke-tokens");
        await using (var db = new NpgsqlConnection(_host.ConnectionString))
        {
            await db.ExecuteAsync(
                "update revoked_tokens set expires_at = now() - interval '6 minutes' where token_id = @old",
                new { old = new JsonWebToken(old).Id }
            );
            await db.ExecuteAsync(
                "update oauth_clients set tokens_not_before = now() - interval '11 minutes' where id = @id",
                new { id = Id<OAuthClientKind>.Parse(id).Value }
            );
        }

        await _host.Services.GetRequiredService<ExpirySweeper>().SweepAsync(CancellationToken.None);
        await follower.UntilAsync(() =>
            follower.Has(CredentialKind.RevokedToken, new JsonWebToken(fresh).Id)
            && !follower.Has(CredentialKind.RevokedToken, new JsonWebToken(old).Id)
            && !follower.Has(CredentialKind.Epoch, IdOf<OAuthClientKind>(id))
        );

        follower.Has(CredentialKind.Epoch, IdOf<OAuthClientKind>(freshId)).ShouldBeTrue();
        (await _admin.GetAsync($"/v1/oauth-clients/{id}"))
            .Body.GetProperty("tokensNotBefore")
            .ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task Application_Deleted_TakesAllItHadInOneDelta()
    {
        var (key, _) = await _admin.CreateKeyAsync(_application);
        var (client, _) = await _admin.CreateClientAsync(_application);
        using var follower = await CredentialFollower.OpenAsync(_host);
        follower.Has(CredentialKind.ApiKey, IdOf<KeyKind>(key)).ShouldBeTrue();

        await _host.DeleteApplicationAsync(_application, _team);
        await follower.UntilAsync(() => follower.Count == 1);

        follower.Deltas.ShouldHaveSingleItem().Changes.Count.ShouldBe(2);
        follower.Has(CredentialKind.OauthClient, IdOf<OAuthClientKind>(client)).ShouldBeFalse();
    }

    private async Task<(string Id, string Secret)> CreateInProductionAsync()
    {
        var made = await _admin.PostAsync(
            $"/v1/applications/{_application}/oauth-clients",
            new { environment = "production", name = "c" }
        );
        return (
            made.Body.GetProperty("client").GetProperty("clientId").GetString()!,
            made["clientSecret"]
        );
    }

    private static byte[] IdOf<TKind>(string id)
        where TKind : IIdKind => Id<TKind>.Parse(id).Value.ToByteArray(bigEndian: true);
}
