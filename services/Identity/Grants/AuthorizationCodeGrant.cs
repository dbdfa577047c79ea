using System.Security.Cryptography;
using System.Text;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;
using Dapper;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Grants;

/// <summary>Tokens for a code (RFC 6749 section 4.1.3) with the verifier of its challenge (RFC 7636 section 4.5).</summary>
internal sealed class AuthorizationCodeGrant(
    UnitOfWork work,
    GrantTokens tokens,
    GrantRevocation revocation,
    TimeProvider time
) : ITokenGrant
{
    public string Type => GrantTypes.AuthorizationCode;

    public async Task<TokenOutcome> GiveAsync(
        TokenRequest request,
        IssuerClient client,
        CancellationToken cancellationToken
    )
    {
        foreach (var name in (string[])["code", "redirect_uri", "code_verifier"])
        {
            if (request[name] is null)
            {
                return TokenError.Missing(name);
            }
        }

        var db = await work.OpenAsync(cancellationToken);
        var hash = GeneratedSecret.Hash(request["code"]!);
        // Of two requests with one code, the second waits here and finds it used.
        var code = await db.QuerySingleOrDefaultAsync<Code>(
            """
            select grant_id as grantId, redirect_uri as redirectUri, code_challenge as challenge, nonce,
              expires_at as expiresAt, used_at as usedAt
            from authorization_codes where sha256 = @hash for update
            """,
            new { hash }
        );
        if (
            code is null
            || await GrantRow.FindAsync(db, code.GrantId, isLocked: true) is not { } grant
            || grant.ClientId != client.Id
        )
        {
            return TokenError.InvalidGrant;
        }

        if (code.UsedAt is not null)
        {
            // RFC 6749 section 4.1.2: one of the two who had it stole it, so what it gave ends.
            await revocation.RevokeAsync(grant, "code-reused", client.ToActor(request.Address));
            return TokenError.InvalidGrant;
        }

        var now = time.Now();
        if (
            now >= code.ExpiresAt
            || grant.RevokedAt is not null
            || code.RedirectUri != request["redirect_uri"]
            || !IsVerifier(request["code_verifier"]!, code.Challenge)
        )
        {
            return TokenError.InvalidGrant;
        }

        await db.ExecuteAsync(
            "update authorization_codes set used_at = @now where sha256 = @hash",
            new { hash, now }
        );
        return await tokens.WriteAsync(grant, client, grant.ScopesFor(client), code.Nonce);
    }

    // RFC 7636 section 4.6.
    private static bool IsVerifier(string verifier, string challenge) =>
        CodeChallenge.IsVerifier(verifier)
        && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(
                Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)))
            ),
            Encoding.ASCII.GetBytes(challenge)
        );

    private sealed record Code(
        Guid GrantId,
        string RedirectUri,
        string Challenge,
        string? Nonce,
        DateTime ExpiresAt,
        DateTime? UsedAt
    );
}
