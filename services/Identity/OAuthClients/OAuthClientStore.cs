using ApiSvc.Identity.Applications;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.OAuthClients;

/// <summary>The OAuth clients of applications. Of a secret only its hash is kept.</summary>
internal sealed class OAuthClientStore(
    NpgsqlDataSource database,
    UnitOfWork work,
    CredentialLog log,
    GrantRevocation grants,
    UuidGenerator ids,
    TimeProvider time
) : ITeamLookup
{
    private static readonly ApiProblem Revoked = ApiProblem.Conflict(
        "client-revoked",
        "This client is revoked. Make another one."
    );

    private const string Select =
        $"select {OAuthClientRow.Columns} from oauth_clients c join applications a on a.id = c.application_id";

    /// <inheritdoc />
    public async ValueTask<Ownership?> FindAsync(
        string id,
        Caller caller,
        CancellationToken cancellationToken
    ) =>
        Id<OAuthClientKind>.TryParse(id, out var client)
        && (await GetAsync(client.Value)).Value is { } row
            ? new Ownership(row.TeamId, IsVisible: false)
            : null;

    public async Task<List<OAuthClientRow>> ListAsync(Guid application, PageRequest<Guid> page)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<OAuthClientRow>(
            $"""
            {Select} where c.application_id = @application and (@after::uuid is null or c.id > @after)
            order by c.id limit @fetch
            """,
            new
            {
                application,
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }

    public async Task<Outcome<OAuthClientRow>> GetAsync(Guid id)
    {
        await using var db = await database.OpenConnectionAsync();
        return
            await db.QuerySingleOrDefaultAsync<OAuthClientRow>(
                $"{Select} where c.id = @id",
                new { id }
            )
                is { } row
            ? row
            : ApiProblem.NotFound;
    }

    public async Task<Outcome<NewOAuthClient>> CreateAsync(
        Guid application,
        OAuthClientInput input,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await db.LockLiveApplicationAsync(application) is not { } team)
        {
            return ApiProblem.NotFound;
        }

        var secret =
            input.Authentication == ClientAuthenticationMethods.Secret
                ? GeneratedSecret.New()
                : null;
        var row = new OAuthClientRow(
            ids.Next(),
            application,
            team,
            input.Environment,
            input.Name,
            [.. input.Scopes],
            time.Now(),
            RevokedAt: null,
            TokensNotBefore: null,
            input.Authentication,
            input.Jwks?.ToJson(),
            input.JwksUri,
            [.. input.GrantTypes],
            [.. input.RedirectUris],
            [.. input.PostLogoutRedirectUris],
            input.AccessTokenSigningAlg,
            input.IdTokenSignedResponseAlg,
            Version: 1
        );
        var parameters = new DynamicParameters(row);
        parameters.Add("hash", secret is null ? null : GeneratedSecret.Hash(secret));
        await db.ExecuteAsync(
            """
            insert into oauth_clients (id, application_id, environment, name, scopes, secret_sha256, created_at,
              authentication, jwks, grant_types, redirect_uris, post_logout_redirect_uris,
              access_token_signing_alg, id_token_signed_response_alg, jwks_uri, allowed_origins)
            values (@Id, @ApplicationId, @Environment, @Name, @Scopes, @hash, @CreatedAt,
              @Authentication, @Jwks, @GrantTypes, @RedirectUris, @PostLogoutRedirectUris,
              @AccessTokenSigningAlg, @IdTokenSignedResponseAlg, @JwksUri, @AllowedOrigins)
            """,
            parameters
        );
        log.Put(row);
        row.Record("oauth-client.create", before: null, work, actor);
        await log.AppendAsync();
        await work.CommitAsync();
        return new NewOAuthClient(row, secret);
    }

    /// <summary>Replaces what may change of it: all but its environment and how it proves itself.</summary>
    public async Task<Outcome<OAuthClientRow>> UpdateAsync(
        Guid id,
        OAuthClientInput input,
        Func<long, ApiProblem?> precondition,
        Actor actor
    )
    {
        if (await LockAsync(id) is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        if (before.RevokedAt is not null)
        {
            return Revoked;
        }

        if (FindFixed(before, input) is { Count: > 0 } violations)
        {
            return ApiProblem.Invalid(violations);
        }

        var after = before with
        {
            Name = input.Name,
            Scopes = [.. input.Scopes],
            Jwks = input.Jwks?.ToJson(),
            JwksUri = input.JwksUri,
            GrantTypes = [.. input.GrantTypes],
            RedirectUris = [.. input.RedirectUris],
            PostLogoutRedirectUris = [.. input.PostLogoutRedirectUris],
            AccessTokenSigningAlg = input.AccessTokenSigningAlg,
            IdTokenSignedResponseAlg = input.IdTokenSignedResponseAlg,
            Version = before.Version + 1,
        };
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            """
            update oauth_clients set name = @Name, scopes = @Scopes, jwks = @Jwks, jwks_uri = @JwksUri,
              allowed_origins = @AllowedOrigins, grant_types = @GrantTypes,
              redirect_uris = @RedirectUris, post_logout_redirect_uris = @PostLogoutRedirectUris,
              access_token_signing_alg = @AccessTokenSigningAlg,
              id_token_signed_response_alg = @IdTokenSignedResponseAlg, version = @Version
            where id = @Id
            """,
            after
        );
        log.Put(after);
        after.Record("oauth-client.update", before, work, actor);
        await log.AppendAsync();
        await work.CommitAsync();
        return after;
    }

    /// <summary>Revokes it; one that is revoked stays as it is.</summary>
    public async Task<Outcome<OAuthClientRow>> RevokeAsync(Guid id, Actor actor)
    {
        if (await LockAsync(id) is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (before.RevokedAt is not null)
        {
            return before;
        }

        var after = before with { RevokedAt = time.Now(), Version = before.Version + 1 };
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "update oauth_clients set revoked_at = @RevokedAt, version = @Version where id = @Id",
            after
        );
        log.Delete(after);
        await grants.EndOfClientAsync(after.ClientId, actor);
        after.Record("oauth-client.revoke", before, work, actor);
        await log.AppendAsync();
        await work.CommitAsync();
        return after;
    }

    /// <summary>Ends the tokens that it has got until now, with what users gave it.</summary>
    public async Task<Outcome<OAuthClientRow>> RevokeTokensAsync(Guid id, Actor actor)
    {
        if (await LockAsync(id) is not { } before)
        {
            return ApiProblem.NotFound;
        }

        // Tokens say when they were issued in whole seconds: those of this second end too.
        var now = time.GetUtcNow().UtcDateTime;
        var notBefore = now.AddTicks(
            TimeSpan.TicksPerSecond - (now.Ticks % TimeSpan.TicksPerSecond)
        );
        var after = before with { TokensNotBefore = notBefore, Version = before.Version + 1 };
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "update oauth_clients set tokens_not_before = @TokensNotBefore, version = @Version where id = @Id",
            after
        );
        log.PutEpoch(after, notBefore);
        await grants.EndOfClientAsync(after.ClientId, actor);
        after.Record("oauth-client.revoke-tokens", before, work, actor);
        await log.AppendAsync();
        await work.CommitAsync();
        return after;
    }

    private static List<Violation> FindFixed(OAuthClientRow before, OAuthClientInput input)
    {
        const string Detail = "Stays as it is. Make another client.";
        var violations = new List<Violation>();
        if (input.Environment != before.Environment)
        {
            violations.Add(new("#/environment", "fixed", Detail));
        }

        if (input.Authentication != before.Authentication)
        {
            violations.Add(new("#/authentication", "fixed", Detail));
        }

        return violations;
    }

    private async Task<OAuthClientRow?> LockAsync(Guid id)
    {
        var db = await work.OpenAsync();
        return await db.QuerySingleOrDefaultAsync<OAuthClientRow>(
            $"{Select} where c.id = @id for update of c",
            new { id }
        );
    }
}
