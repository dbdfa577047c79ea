using ApiSvc.Catalog.Changes;
using ApiSvc.Catalog.Deployments;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Subscriptions;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Apis;

/// <summary>Which APIs a list shows.</summary>
/// <param name="Team">Only this team's.</param>
/// <param name="Search">Words that are in it, in the syntax of web searches.</param>
internal sealed record ApiFilter(Guid? Team, string? Search);

/// <summary>APIs: lists, creation, change, deletion.</summary>
internal sealed class ApiRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    CatalogEvents events,
    SubscriptionCancellation subscriptions,
    GatewayResources gateways,
    UuidGenerator ids,
    TimeProvider time
)
{
    public async Task<List<ApiRow>> ListAsync(
        Caller caller,
        PageRequest<(string Name, Guid Id)> page,
        ApiFilter filter
    )
    {
        var parameters = ApiRow.ScopeOf(caller, "apis.read");
        parameters.Add("team", filter.Team);
        parameters.Add("search", string.IsNullOrWhiteSpace(filter.Search) ? null : filter.Search);
        parameters.Add("afterName", page.After?.Name);
        parameters.Add("afterId", page.After?.Id);
        parameters.Add("fetch", page.Fetch);
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<ApiRow>(
            $"""
            select {ApiRow.Columns} from api a
            where {ApiRow.Visible} and (@team::uuid is null or a.team_id = @team)
              and (@search::text is null or a.search @@ websearch_to_tsquery('simple', @search))
              and (@afterName::text is null or (a.name, a.id) > (@afterName, @afterId))
            order by a.name, a.id limit @fetch
            """,
            parameters
        );
        return rows.AsList();
    }

    public async Task<Outcome<ApiRow>> FindAsync(Guid id, Caller caller)
    {
        await using var db = await database.OpenConnectionAsync();
        return await ApiRow.FindVisibleAsync(db, id, caller) is { } row ? row : ApiProblem.NotFound;
    }

    public async Task<Outcome<ApiRow>> CreateAsync(Guid team, ApiInput input, Actor actor)
    {
        var now = time.GetStoredNow();
        var row = new ApiRow
        {
            Id = ids.Next(),
            TeamId = team,
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        }.With(input);
        var db = await work.OpenAsync();
        var added = await db.ExecuteAsync(
            """
            insert into api (id, team_id, slug, name, description, type, visibility, visible_to, category, tags, labels,
              version, created_at, updated_at)
            values (@Id, @TeamId, @Slug, @Name, @Description, @Type, @Visibility, @VisibleTo, @Category, @Tags,
              @Labels::jsonb, @Version, @CreatedAt, @UpdatedAt)
            on conflict (team_id, slug) do nothing
            """,
            row.Parameters
        );
        if (added == 0)
        {
            return SlugTaken(input.Slug);
        }

        work.AddAudit(actor.Did("api.create", row.PublicId, team, after: row.ToDocument()));
        await events.ChangedAsync(row);
        await work.CommitAsync();
        return row;
    }

    public async Task<Outcome<ApiRow>> UpdateAsync(
        Guid id,
        ApiInput input,
        Precondition precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await ApiRow.FindAsync(db, id, forChange: true) is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        if (
            await db.ExecuteScalarAsync<bool>(
                "select exists (select from api where team_id = @TeamId and slug = @Slug and id <> @Id)",
                new
                {
                    before.TeamId,
                    input.Slug,
                    before.Id,
                }
            )
        )
        {
            return SlugTaken(input.Slug);
        }

        var after = before.With(input) with
        {
            Version = before.Version + 1,
            UpdatedAt = time.GetStoredNow(),
        };
        await db.ExecuteAsync(
            """
            update api set slug = @Slug, name = @Name, description = @Description, type = @Type,
              visibility = @Visibility, visible_to = @VisibleTo, category = @Category, tags = @Tags,
              labels = @Labels::jsonb, version = @Version, updated_at = @UpdatedAt
            where id = @Id
            """,
            after.Parameters
        );
        work.AddAudit(
            actor.Did(
                "api.update",
                after.PublicId,
                after.TeamId,
                before.ToDocument(),
                after.ToDocument()
            )
        );
        await events.ChangedAsync(after);
        await work.CommitAsync();
        return after;
    }

    public async Task<ApiProblem?> DeleteAsync(Guid id, Precondition precondition, Actor actor)
    {
        var db = await work.OpenAsync();
        if (await ApiRow.FindAsync(db, id, forChange: true) is not { } api)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(api.Version) is { } stale)
        {
            return stale;
        }

        // A deployment begins with the version's row, so none comes in between.
        var deployed = await db.QueryAsync<string>(
            """
            with versions as (select id, name from api_version where api_id = @id for update)
            select v.name || ' in ' || d.environment from deployment d join versions v on v.id = d.version_id order by 1
            """,
            new { id }
        );
        if (deployed.AsList() is { Count: > 0 } places)
        {
            return Problems.NotNow(
                "still-deployed",
                $"It is deployed: {string.Join(", ", places)}. Undeploy it first."
            );
        }

        await subscriptions.CancelOfApiAsync(db, id, actor);
        var wasOffered = await db.ExecuteScalarAsync<bool>(
            $"select {ApiRow.Released} from api a where a.id = @id",
            new { id }
        );
        await db.ExecuteAsync("delete from api where id = @id", new { id });
        work.AddAudit(actor.Did("api.delete", api.PublicId, api.TeamId, api.ToDocument()));
        await events.DeletedAsync(api, wasOffered);
        await gateways.AppendAsync();
        await work.CommitAsync();
        return null;
    }

    private static ApiProblem SlugTaken(string slug) =>
        Problems.Taken("slug-taken", $"The team has an API with the slug '{slug}' already.");
}
