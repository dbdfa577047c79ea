using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Versions;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Sync;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Deployments;

/// <summary>
/// Collects what a transaction changes of the gateways' configuration, and appends it at its end: a group's next
/// generation is taken under a lock that all others wait for.
/// </summary>
internal sealed class GatewayResources(ResourceLog log)
{
    // By name, so that two transactions take the locks of several groups in the same order.
    private readonly SortedDictionary<string, List<ResourceChange>> _changes = new(
        StringComparer.Ordinal
    );

    public void Put(string group, CompiledResource resource) =>
        Add(group, new((uint)resource.Kind, resource.Id, resource.Body, resource.RequiredFeatures));

    public void Delete(string group, ResourceKind kind, Guid id) =>
        Add(group, ResourceChange.Delete((uint)kind, id.ToByteArray(bigEndian: true)));

    /// <summary>For what holds in every environment.</summary>
    public async Task PutEverywhereAsync(NpgsqlConnection db, CompiledResource resource)
    {
        foreach (var group in await GroupsAsync(db))
        {
            Put(group, resource);
        }
    }

    public async Task DeleteEverywhereAsync(NpgsqlConnection db, ResourceKind kind, Guid id)
    {
        foreach (var group in await GroupsAsync(db))
        {
            Delete(group, kind, id);
        }
    }

    /// <summary>Puts what is deployed of the version again, with the state that it has now.</summary>
    public async Task RestateAsync(NpgsqlConnection db, VersionRow version)
    {
        var deployed = await db.QueryAsync<(string Group, byte[] Content)>(
            """
            select e.gateway_group, r.content from deployment d
            join environment e on e.name = d.environment join revision r on r.id = d.revision_id
            where d.version_id = @Id
            """,
            new { version.Id }
        );
        foreach (var (group, content) in deployed)
        {
            Put(
                group,
                RevisionCompiler.Compile(RevisionContent.FromBytes(content), version.Standing)
            );
        }
    }

    /// <summary>Appends all of it; the last step before the commit.</summary>
    /// <returns>Group → the generation with which it goes out.</returns>
    public async Task<IReadOnlyDictionary<string, ulong>> AppendAsync(
        CancellationToken cancellationToken = default
    )
    {
        var generations = new Dictionary<string, ulong>();
        foreach (var (group, changes) in _changes)
        {
            generations[group] = await log.AppendAsync(group, changes, cancellationToken);
        }

        _changes.Clear();
        return generations;
    }

    private static async Task<IEnumerable<string>> GroupsAsync(NpgsqlConnection db) =>
        await db.QueryAsync<string>("select gateway_group from environment");

    private void Add(string group, ResourceChange change)
    {
        if (!_changes.TryGetValue(group, out var changes))
        {
            _changes[group] = changes = [];
        }

        changes.Add(change);
    }
}
