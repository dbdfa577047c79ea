using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.BasePaths;
using ApiSvc.Catalog.Changes;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Versions;

/// <summary>Versions of APIs: lists, creation, change, deletion. Their states are <see cref="VersionLifecycle"/>'s.</summary>
internal sealed class VersionRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    BasePathClaims basePaths,
    CatalogEvents events,
    UuidGenerator ids,
    TimeProvider time
)
{
    public async Task<Outcome<List<VersionRow>>> ListAsync(
        Guid api,
        Caller caller,
        PageRequest<Guid> page
    )
    {
        await using var db = await database.OpenConnectionAsync();
        if (await ApiRow.FindVisibleAsync(db, api, caller) is null)
        {
            return ApiProblem.NotFound;
        }

        var parameters = ApiRow.ScopeOf(caller, "apis.read");
        parameters.Add("api", api);
        parameters.Add("after", page.After);
        parameters.Add("fetch", page.Fetch);
        var rows = await db.QueryAsync<VersionRow>(
            $"""
            select {VersionRow.Columns} from api_version v join api a on a.id = v.api_id
            where v.api_id = @api and {VersionRow.Visible} and (@after::uuid is null or v.id > @after)
            order by v.id limit @fetch
            """,
            parameters
        );
        return rows.AsList();
    }

    public async Task<Outcome<VersionRow>> FindAsync(Guid id, Caller caller)
    {
        await using var db = await database.OpenConnectionAsync();
        return await VersionRow.FindVisibleAsync(db, id, caller) is { } row
            ? row
            : ApiProblem.NotFound;
    }

    public async Task<Outcome<VersionRow>> CreateAsync(
        Guid api,
        VersionInput input,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var added = await AddAsync(api, input, actor, cancellationToken);
        if (added.IsRight)
        {
            await work.CommitAsync(cancellationToken);
        }

        return added;
    }

    /// <summary>Adds a draft in the transaction that is under way.</summary>
    public async Task<Outcome<VersionRow>> AddAsync(
        Guid apiId,
        VersionInput input,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        var db = await work.OpenAsync(cancellationToken);
        if (await ApiRow.FindAsync(db, apiId, forChange: true) is not { } api)
        {
            return ApiProblem.NotFound;
        }

        if (
            await db.ExecuteScalarAsync<bool>(
                "select exists (select from api_version where api_id = @apiId and name = @Name)",
                new { apiId, input.Name }
            )
        )
        {
            return Problems.Taken(
                "version-exists",
                $"The API has a version '{input.Name}' already."
            );
        }

        var given = input.BasePath is null
            ? await basePaths.DefaultAsync(api, cancellationToken)
            : input.BasePath;
        if (!given.IsRight)
        {
            return given.Problem;
        }

        var path = given.Value;
        if (await CheckAsync(db, api, input, input.Host, path, actor) is { } problem)
        {
            return problem;
        }

        var now = time.GetStoredNow();
        var row = Apply(
            new VersionRow
            {
                Id = ids.Next(),
                ApiId = apiId,
                Name = input.Name,
                State = VersionState.Draft,
                BasePath = path,
                Author = actor.Caller.Subject,
                Version = 1,
                CreatedAt = now,
                UpdatedAt = now,
            },
            input
        );
        await AddAsync(db, row);
        work.AddAudit(
            actor.Did("version.create", row.PublicId, api.TeamId, after: row.ToDocument())
        );
        await events.ChangedAsync(api, row);
        return row;
    }

    public async Task<Outcome<VersionRow>> UpdateAsync(
        Guid id,
        VersionSettings input,
        Precondition precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await VersionRow.FindAsync(db, id, forChange: true) is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        if (before.State == VersionState.Retired)
        {
            return Problems.NotNow("retired", "A retired version does not change any more.");
        }

        var path = input.BasePath ?? before.BasePath;
        if (
            before.State != VersionState.Draft
            && (path != before.BasePath || input.Host != before.Host)
        )
        {
            return Problems.NotNow(
                "not-a-draft",
                $"Host and base path change only while the version is a draft; it is {before.State}."
            );
        }

        var api = (await ApiRow.FindAsync(db, before.ApiId))!;
        if (await CheckAsync(db, api, input, input.Host, path, actor) is { } problem)
        {
            return problem;
        }

        var after = Apply(before, input) with
        {
            BasePath = path,
            Version = before.Version + 1,
            UpdatedAt = time.GetStoredNow(),
        };
        await after.SaveAsync(db);
        await basePaths.ReleaseUnusedAsync(api.Id);
        work.AddAudit(
            actor.Did(
                "version.update",
                after.PublicId,
                api.TeamId,
                before.ToDocument(),
                after.ToDocument()
            )
        );
        await events.ChangedAsync(api, after);
        await work.CommitAsync();
        return after;
    }

    public async Task<ApiProblem?> DeleteAsync(Guid id, Precondition precondition, Actor actor)
    {
        var db = await work.OpenAsync();
        if (await VersionRow.FindAsync(db, id, forChange: true) is not { } version)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(version.Version) is { } stale)
        {
            return stale;
        }

        var deployed = await db.ExecuteScalarAsync<bool>(
            "select exists (select from deployment where version_id = @id)",
            new { id }
        );
        if (deployed || version.State != VersionState.Draft)
        {
            return Problems.NotNow(
                "not-deletable",
                $"Only a draft that is deployed nowhere is deleted; this one is {version.State}{(deployed ? " and deployed" : "")}."
            );
        }

        var api = (await ApiRow.FindAsync(db, version.ApiId))!;
        await db.ExecuteAsync("delete from api_version where id = @id", new { id });
        await basePaths.ReleaseUnusedAsync(api.Id);
        work.AddAudit(
            actor.Did("version.delete", version.PublicId, api.TeamId, version.ToDocument())
        );
        await events.ChangedAsync(api, version, deleted: true);
        await work.CommitAsync();
        return null;
    }

    private async Task<ApiProblem?> CheckAsync(
        NpgsqlConnection db,
        ApiRow api,
        VersionSettings input,
        string host,
        string path,
        Actor actor
    )
    {
        var own = await db.QueryAsync<Guid>(
            "select id from plan where id = any(@plans) and team_id = @TeamId for share",
            new { plans = input.PlanIds.Select(p => p.Value).ToArray(), api.TeamId }
        );
        var known = own.ToHashSet();
        var unknown = input.PlanIds.Index().Where(p => !known.Contains(p.Item.Value)).ToList();
        if (unknown.Count > 0)
        {
            return ApiProblem.Invalid([
                .. unknown.Select(p => new Violation(
                    $"#/planIds/{p.Index}",
                    "unknown",
                    "The team has no such plan."
                )),
            ]);
        }

        return (await basePaths.ClaimAsync(api, host, path, actor.Caller)).Problem;
    }

    private static Task<int> AddAsync(NpgsqlConnection db, VersionRow row) =>
        db.ExecuteAsync(
            """
            insert into api_version (id, api_id, name, state, host, base_path, selector, only_operations, upstreams,
              plan_ids, operation_count, author, version, created_at, updated_at)
            values (@Id, @ApiId, @Name, @State, @Host, @BasePath, @Selector::jsonb, @OnlyOperations, @Upstreams::jsonb,
              @PlanIds, @OperationCount, @Author, @Version, @CreatedAt, @UpdatedAt)
            """,
            row.Parameters
        );

    private static VersionRow Apply(VersionRow row, VersionSettings input) =>
        row with
        {
            Host = input.Host,
            Selector = input.Selector is { } selector ? Stored.Write(selector) : null,
            OnlyOperations = input.OnlyOperations,
            Upstreams = Stored.Write(input.Upstreams),
            PlanIds = [.. input.PlanIds.Select(p => p.Value).Distinct()],
        };
}
