using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace ApiSvc.Catalog.BasePaths;

/// <summary>Base paths over REST: what the platform's people see and approve.</summary>
internal static class BasePathsApi
{
    public static void MapBasePaths(this RouteGroupBuilder routes)
    {
        routes.MapGet("/base-paths", ListAsync).RequirePermission("base-paths.read", Team.Platform);
        routes
            .MapPost("/base-paths/{basePathId}/approve", ApproveAsync)
            .RequirePermission("base-paths.approve", Team.Platform);
    }

    private static async Task<Page<BasePathDocument>> ListAsync(
        PageRequest<Guid> page,
        Query<ListFilter> filter,
        NpgsqlDataSource database
    )
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<BasePathRow>(
            """
            select * from base_path
            where (@approved::boolean is null or approved = @approved) and (@after::uuid is null or id > @after)
            order by id limit @fetch
            """,
            new
            {
                approved = filter.Value.Approved,
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return page.ToPage(rows.AsList(), row => row.Id, row => row.ToDocument());
    }

    private static async Task<Results<Ok<BasePathDocument>, ApiProblem>> ApproveAsync(
        Id<BasePathKind> basePathId,
        Actor actor,
        UnitOfWork work
    )
    {
        var db = await work.OpenAsync();
        var row = await db.QuerySingleOrDefaultAsync<BasePathRow>(
            "update base_path set approved = true where id = @id returning *",
            new { id = basePathId.Value }
        );
        if (row is null)
        {
            return ApiProblem.NotFound;
        }

        work.AddAudit(
            actor.Did(
                "base-path.approve",
                basePathId.ToString(),
                row.TeamId,
                after: row.ToDocument()
            )
        );
        await work.CommitAsync();
        return TypedResults.Ok(row.ToDocument());
    }

    internal sealed record ListFilter
    {
        public bool? Approved { get; init; }
    }
}
