using ApiSvc.Identity.ApiKeys;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.OAuthClients;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Dapper;

namespace ApiSvc.Identity.GatewayCredentials;

/// <summary>Revokes whatever applications have, in the unit of work of what ends them.</summary>
internal sealed class CredentialRevocation(UnitOfWork work, CredentialLog log, TimeProvider time)
{
    /// <summary>Revokes all keys and clients. <see cref="AppendAsync"/> follows, before the commit.</summary>
    public async Task RevokeAllAsync(IReadOnlyList<Guid> applications, Actor actor)
    {
        var db = await work.OpenAsync();
        var parameters = new { applications = applications.ToArray(), now = time.Now() };
        var keys = await db.QueryAsync<ApiKeyRow>(
            $"""
            with revoked as (
              update api_keys set revoked_at = @now
              where application_id = any(@applications) and revoked_at is null returning *
            )
            select {ApiKeyRow.Columns} from revoked k join applications a on a.id = k.application_id order by k.id
            """,
            parameters
        );
        foreach (var key in keys)
        {
            log.Delete(key);
            key.Record("api-key.revoke", key with { RevokedAt = null }, work, actor);
        }

        var clients = await db.QueryAsync<OAuthClientRow>(
            $"""
            with revoked as (
              update oauth_clients set revoked_at = @now, version = version + 1
              where application_id = any(@applications) and revoked_at is null returning *
            )
            select {OAuthClientRow.Columns} from revoked c join applications a on a.id = c.application_id order by c.id
            """,
            parameters
        );
        foreach (var client in clients)
        {
            log.Delete(client);
            client.Record("oauth-client.revoke", client with { RevokedAt = null }, work, actor);
        }
    }

    /// <inheritdoc cref="CredentialLog.AppendAsync" />
    public Task AppendAsync() => log.AppendAsync();
}
