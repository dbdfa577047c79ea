using ApiSvc.ServiceDefaults.Paging;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Deployments;

/// <summary>Environments and revisions, to be read.</summary>
internal sealed class DeploymentLists(NpgsqlDataSource database)
{
    public async Task<IReadOnlyList<EnvironmentDocument>> EnvironmentsAsync()
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<(string Name, string Group, long Generation)>(
            """
            select e.name, e.gateway_group, coalesce(g.generation, 0)
            from environment e left join service.resource_group g on g.name = e.gateway_group order by e.position
            """
        );
        return [.. rows.Select(r => new EnvironmentDocument(r.Name, r.Group, (ulong)r.Generation))];
    }

    public async Task<string?> GroupAsync(string environment)
    {
        await using var db = await database.OpenConnectionAsync();
        return await db.QuerySingleOrDefaultAsync<string>(
            "select gateway_group from environment where name = @environment",
            new { environment }
        );
    }

    /// <summary>The newest first.</summary>
    public async Task<List<RevisionRow>> RevisionsAsync(
        Guid version,
        string environment,
        PageRequest<long> page
    )
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<RevisionRow>(
            $"""
            select {RevisionRow.Columns} from revision r
            where r.version_id = @version and r.environment = @environment and (@after::bigint is null or r.number < @after)
            order by r.number desc limit @fetch
            """,
            new
            {
                version,
                environment,
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }
}
