using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Grants;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Dapper;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ApiSvc.Identity.Tokens;

/// <summary>Ends tokens of clients.</summary>
internal sealed class TokenRevocation(
    OwnTokens tokens,
    GrantRevocation grants,
    UnitOfWork work,
    CredentialLog log
)
{
    /// <summary>Ends it if it is the client's; else nothing happens.</summary>
    public async Task RevokeAsync(string text, IssuerClient client, Actor actor)
    {
        if (await tokens.ReadAccessTokenAsync(text) is { } access)
        {
            if (access.TryGetPayloadValue<string>("client_id", out var owner) && owner == client.Id)
            {
                await EndAsync(access, actor);
            }

            return;
        }

        var db = await work.OpenAsync();
        if (
            await RefreshTokenRow.FindAsync(db, text) is { } refresh
            && await GrantRow.FindAsync(db, refresh.GrantId, isLocked: true) is { } grant
            && grant.ClientId == client.Id
        )
        {
            await grants.RevokeAsync(grant, "client-revoked", actor);
        }
    }

    private async Task EndAsync(JsonWebToken token, Actor actor)
    {
        var db = await work.OpenAsync();
        var expiresAt = DateTime.SpecifyKind(token.ValidTo, DateTimeKind.Utc);
        var count = await db.ExecuteAsync(
            "insert into revoked_tokens (token_id, expires_at) values (@Id, @expiresAt) on conflict do nothing",
            new { token.Id, expiresAt }
        );
        if (count == 0)
        {
            return;
        }

        log.PutRevoked(token.Id, expiresAt);
        work.AddAudit(actor.Did("access-token.revoke", token.Id, team: null));
        await log.AppendAsync();
        await work.CommitAsync();
    }
}
