using ApiSvc.Identity.Applications;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.ServiceDefaults.ApiKeys;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.ApiKeys;

/// <summary>The API keys of applications. Of a key only its hash is kept.</summary>
internal sealed class ApiKeyStore(
    NpgsqlDataSource database,
    UnitOfWork work,
    CredentialLog log,
    UuidGenerator ids,
    TimeProvider time
) : ITeamLookup
{
    private const string Select =
        $"select {ApiKeyRow.Columns} from api_keys k join applications a on a.id = k.application_id";

    /// <inheritdoc />
    public async ValueTask<Ownership?> FindAsync(
        string id,
        Caller caller,
        CancellationToken cancellationToken
    ) =>
        Id<KeyKind>.TryParse(id, out var key) && (await GetAsync(key.Value)).Value is { } row
            ? new Ownership(row.TeamId, IsVisible: false)
            : null;

    public async Task<List<ApiKeyRow>> ListAsync(Guid application, PageRequest<Guid> page)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<ApiKeyRow>(
            $"""
            {Select} where k.application_id = @application and (@after::uuid is null or k.id > @after)
            order by k.id limit @fetch
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

    public async Task<Outcome<ApiKeyRow>> GetAsync(Guid id)
    {
        await using var db = await database.OpenConnectionAsync();
        return
            await db.QuerySingleOrDefaultAsync<ApiKeyRow>($"{Select} where k.id = @id", new { id })
                is { } row
            ? row
            : ApiProblem.NotFound;
    }

    public async Task<Outcome<NewApiKey>> CreateAsync(
        Guid application,
        ApiKeyInput input,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await db.LockLiveApplicationAsync(application) is not { } team)
        {
            return ApiProblem.NotFound;
        }

        var secret = ApiKeyFormat.Create(input.Environment);
        var row = new ApiKeyRow(
            ids.Next(),
            application,
            team,
            input.Environment,
            input.Name,
            ApiKeyFormat.VisiblePrefix(secret),
            [.. input.AllowedNetworks],
            [.. input.Scopes],
            time.Now(),
            input.ExpiresAt?.UtcDateTime,
            RevokedAt: null
        );
        var hash = ApiKeyFormat.Hash(secret);
        var parameters = new DynamicParameters(row);
        parameters.Add("hash", hash);
        await db.ExecuteAsync(
            """
            insert into api_keys (id, application_id, environment, name, visible_prefix, sha256, allowed_networks,
              scopes, created_at, expires_at)
            values (@Id, @ApplicationId, @Environment, @Name, @VisiblePrefix, @hash, @AllowedNetworks,
              @Scopes, @CreatedAt, @ExpiresAt)
            """,
            parameters
        );
        log.Put(row, hash);
        row.Record("api-key.create", before: null, work, actor);
        await log.AppendAsync();
        await work.CommitAsync();
        return new NewApiKey(row, secret);
    }

    /// <summary>Revokes it; one that is revoked stays as it is.</summary>
    public async Task<Outcome<ApiKeyRow>> RevokeAsync(Guid id, Actor actor)
    {
        var db = await work.OpenAsync();
        var before = await db.QuerySingleOrDefaultAsync<ApiKeyRow>(
            $"{Select} where k.id = @id for update of k",
            new { id }
        );
        if (before is null)
        {
            return ApiProblem.NotFound;
        }

        if (before.RevokedAt is not null)
        {
            return before;
        }

        var after = before with { RevokedAt = time.Now() };
        await db.ExecuteAsync("update api_keys set revoked_at = @RevokedAt where id = @Id", after);
        log.Delete(after);
        after.Record("api-key.revoke", before, work, actor);
        await log.AppendAsync();
        await work.CommitAsync();
        return after;
    }
}
