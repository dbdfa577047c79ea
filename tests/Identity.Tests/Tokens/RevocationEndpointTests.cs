using System.Net;
using ApiSvc.Identity.Tokens;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Tests.Tokens;

/// <summary>RFC 7009.</summary>
public sealed class RevocationEndpointTests(SharedIdentity identity)
    : IClassFixture<SharedIdentity>,
        IAsyncLifetime
{
    private readonly IdentityHost _host = identity.Host;
    private long _before;
    private (string Id, string Secret) _client;
    private (string Id, string Secret) _other;

    public async ValueTask InitializeAsync()
    {
        var (_, application) = await identity.NewApplicationAsync();
        _client = await identity.Admin.CreateClientAsync(application);
        _other = await identity.Admin.CreateClientAsync(application);
        _before = await CountAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Revoke_TheSameTokenTwice_IsDoneOnce()
    {
        var token = await _host.TokenAsync(_client.Id, _client.Secret);

        await _host.RevokeAsync(_client.Id, _client.Secret, token);
        await _host.RevokeAsync(_client.Id, _client.Secret, token);

        (await CountAsync()).ShouldBe(_before + 1);
    }

    [Fact]
    public async Task Revoke_AnothersTokenOrNone_IsOkAndEndsNothing()
    {
        var token = await _host.TokenAsync(_client.Id, _client.Secret);

        await _host.RevokeAsync(_other.Id, _other.Secret, token);
        await _host.RevokeAsync(_client.Id, _client.Secret, "not.a.token");
        await _host.RevokeAsync(_client.Id, _client.Secret, token[..^4] + "AAAA");

        (await CountAsync()).ShouldBe(_before);
    }

    [Theory]
    [InlineData("wrong", "token", HttpStatusCode.Unauthorized)]
    [InlineData(null, "nothing", HttpStatusCode.BadRequest)]
    public async Task Revoke_NotProvedOrNothing_IsRefused(
        string? secret,
        string field,
        HttpStatusCode status
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, RevocationEndpoint.Path)
        {
            Headers = { Authorization = IdentityHost.Basic(_client.Id, secret ?? _client.Secret) },
            Content = new FormUrlEncodedContent([KeyValuePair.Create(field, "x")]),
        };

        using var response = await _host.Http.SendAsync(request);

        response.StatusCode.ShouldBe(status);
        (await CountAsync()).ShouldBe(_before);
    }

    private async Task<long> CountAsync()
    {
        await using var db = new NpgsqlConnection(_host.ConnectionString);
        return await db.ExecuteScalarAsync<long>("select count(*) from revoked_tokens");
    }
}
