using ApiSvc.Identity.Changes;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.Grants;

/// <summary>What users gave clients. Of codes and refresh tokens only the hashes are kept.</summary>
internal sealed class GrantStore(
    UnitOfWork work,
    IOptions<IssuerOptions> options,
    UuidGenerator ids,
    TimeProvider time
)
{
    /// <summary>Notes what the user gave. The commit is the caller's.</summary>
    /// <returns>Null if the user or the session is no more.</returns>
    public async Task<GrantRow?> AddAsync(
        IssuerClient client,
        SignedInUser user,
        IReadOnlyList<string> scopes,
        Actor actor
    )
    {
        var now = time.Now();
        var grant = new GrantRow(
            ids.Next(),
            client.Id,
            client.Team,
            user.UserId,
            user.SessionId,
            [.. scopes],
            user.AuthenticatedAt.UtcDateTime,
            [.. user.Methods],
            now,
            now + options.Value.GrantLifetime,
            RevokedAt: null
        );
        var db = await work.OpenAsync();
        // Before the session is looked at: whoever ends sessions locks the user, too.
        await db.ExecuteAsync("select from users where id = @UserId for share", grant);
        var count = await db.ExecuteAsync(
            """
            insert into grants (id, client_id, team_id, user_id, session_id, scopes, authenticated_at, methods, created_at,
              expires_at)
            select @Id, @ClientId, @TeamId, id, @SessionId, @Scopes, @AuthenticatedAt, @Methods, @CreatedAt, @ExpiresAt
            from users where id = @UserId and disabled_at is null
              and not exists (select from sessions where id = @SessionId and ended_at is not null)
            """,
            grant
        );
        if (count == 0)
        {
            return null;
        }

        work.AddAudit(
            actor.Did("grant.create", grant.PublicId, grant.TeamId, after: grant.ToDocument())
        );
        return grant;
    }

    /// <summary>Makes the code that stands for it (RFC 6749 section 4.1.2).</summary>
    public async Task<string> AddCodeAsync(
        GrantRow grant,
        string redirectUri,
        string codeChallenge,
        string? nonce
    )
    {
        var code = GeneratedSecret.New();
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            """
            insert into authorization_codes (sha256, grant_id, redirect_uri, code_challenge, nonce, expires_at)
            values (@hash, @Id, @redirectUri, @codeChallenge, @nonce, @expiresAt)
            """,
            new
            {
                hash = GeneratedSecret.Hash(code),
                grant.Id,
                redirectUri,
                codeChallenge,
                nonce,
                expiresAt = time.Now() + options.Value.CodeLifetime,
            }
        );
        return code;
    }

    /// <summary>Makes the next refresh token of the family.</summary>
    public async Task<string> AddRefreshTokenAsync(GrantRow grant)
    {
        var token = GeneratedSecret.New();
        var now = time.Now();
        var idle = now + options.Value.RefreshTokenLifetime;
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "insert into refresh_tokens (sha256, grant_id, issued_at, expires_at) values (@hash, @Id, @now, @expiresAt)",
            new
            {
                hash = GeneratedSecret.Hash(token),
                grant.Id,
                now,
                expiresAt = idle < grant.ExpiresAt ? idle : grant.ExpiresAt,
            }
        );
        return token;
    }

    /// <summary>Notes an access token, so that it ends with its family.</summary>
    public async Task AddAccessTokenAsync(GrantRow grant, WrittenToken token)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "insert into granted_tokens (token_id, grant_id, expires_at) values (@token, @grant, @ExpiresAt)",
            new
            {
                token = token.Id,
                grant = grant.Id,
                token.ExpiresAt,
            }
        );
    }
}
