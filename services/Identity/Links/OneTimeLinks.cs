using System.Text.Json;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Dapper;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.Links;

/// <summary>
/// Links that let who has them do one thing, once. Of each only the hash is kept. Opening one shows a page with a button:
/// programs that look into e-mail open links too.
/// </summary>
internal sealed class OneTimeLinks(
    UnitOfWork work,
    IOptions<TokenOptions> tokens,
    TimeProvider time
)
{
    /// <summary>The parameter that carries it.</summary>
    public const string Parameter = "link";

    /// <summary>Makes one. The commit is the caller's.</summary>
    /// <returns>Its address.</returns>
    public async Task<string> CreateAsync(
        string purpose,
        string path,
        Guid? user,
        object content,
        TimeSpan lifetime
    )
    {
        var secret = GeneratedSecret.New();
        var now = time.Now();
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            """
            insert into links (sha256, purpose, user_id, content, created_at, expires_at)
            values (@hash, @purpose, @user, @content, @now, @end)
            """,
            new
            {
                hash = GeneratedSecret.Hash(secret),
                purpose,
                user,
                content = JsonSerializer.Serialize(content),
                now,
                end = now + lifetime,
            }
        );
        return $"{tokens.Value.Issuer.TrimEnd('/')}{path}?{Parameter}={secret}";
    }

    /// <returns>Null if it is none of this purpose, was used or is too old.</returns>
    public async Task<LinkRow?> FindAsync(string purpose, string? secret)
    {
        if (string.IsNullOrEmpty(secret))
        {
            return null;
        }

        var db = await work.OpenAsync();
        return await db.QuerySingleOrDefaultAsync<LinkRow>(
            """
            select user_id as userId, content, created_at as createdAt from links
            where sha256 = @hash and purpose = @purpose and used_at is null and expires_at > @now
            """,
            new
            {
                hash = GeneratedSecret.Hash(secret),
                purpose,
                now = time.Now(),
            }
        );
    }

    /// <summary>Uses it up, if what comes of it is committed. Of two at once, one gets it.</summary>
    public async Task<LinkRow?> UseAsync(string purpose, string? secret)
    {
        if (string.IsNullOrEmpty(secret))
        {
            return null;
        }

        var db = await work.OpenAsync();
        return await db.QuerySingleOrDefaultAsync<LinkRow>(
            """
            update links set used_at = @now
            where sha256 = @hash and purpose = @purpose and used_at is null and expires_at > @now
            returning user_id as userId, content, created_at as createdAt
            """,
            new
            {
                hash = GeneratedSecret.Hash(secret),
                purpose,
                now = time.Now(),
            }
        );
    }

    /// <summary>Ends all of the user's for a purpose, such as the ones before the newest; for all purposes if none is given.</summary>
    public async Task CancelAsync(Guid user, string? purpose = null)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            """
            update links set used_at = @now
            where user_id = @user and (@purpose::text is null or purpose = @purpose) and used_at is null
            """,
            new
            {
                user,
                purpose,
                now = time.Now(),
            }
        );
    }
}
