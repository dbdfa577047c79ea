using ApiSvc.Identity.Changes;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;
using Dapper;

namespace ApiSvc.Identity.Grants;

/// <summary>
/// Tokens for a refresh token (RFC 6749 section 6), which is good once: the next comes with them, and one that comes back
/// ends the family (RFC 9700 section 4.14.2).
/// </summary>
internal sealed class RefreshTokenGrant(
    UnitOfWork work,
    GrantTokens tokens,
    GrantRevocation revocation,
    TimeProvider time
) : ITokenGrant
{
    public string Type => GrantTypes.RefreshToken;

    public async Task<TokenOutcome> GiveAsync(
        TokenRequest request,
        IssuerClient client,
        CancellationToken cancellationToken
    )
    {
        if (request["refresh_token"] is not { } text)
        {
            return TokenError.Missing("refresh_token");
        }

        var db = await work.OpenAsync(cancellationToken);
        var token = await RefreshTokenRow.FindAsync(db, text, isLocked: true);
        if (
            token is null
            || await GrantRow.FindAsync(db, token.GrantId, isLocked: true) is not { } grant
            || grant.ClientId != client.Id
        )
        {
            return TokenError.InvalidGrant;
        }

        if (token.UsedAt is not null)
        {
            await revocation.RevokeAsync(
                grant,
                "refresh-token-reused",
                client.ToActor(request.Address)
            );
            return TokenError.InvalidGrant;
        }

        var now = time.Now();
        if (now >= token.ExpiresAt || now >= grant.ExpiresAt || grant.RevokedAt is not null)
        {
            return TokenError.InvalidGrant;
        }

        var given = grant.ScopesFor(client);
        var scopes = request.Scope?.Split(' ').Distinct().ToArray() ?? given;
        if (scopes.Except(given).Any())
        {
            return new TokenError("invalid_scope", $"The user gave: {string.Join(' ', given)}.");
        }

        await db.ExecuteAsync(
            "update refresh_tokens set used_at = @now where sha256 = @hash",
            new { hash = GeneratedSecret.Hash(text), now }
        );
        return await tokens.WriteAsync(grant, client, scopes, nonce: null);
    }
}
