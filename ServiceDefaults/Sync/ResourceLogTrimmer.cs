using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Leadership;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>Keeps the log and the list of nodes bounded.</summary>
internal sealed class ResourceLogTrimmer(
    NpgsqlDataSource dataSource,
    LeaderElection election,
    IOptions<ResourceLogOptions> options,
    TimeProvider time
) : LeaderService("resource-log-trimmer", election)
{
    /// <summary>
    /// Forgets older generations first: from then on nobody gets the changes since one, so what was deleted up to
    /// the oldest that is left can be forgotten too.
    /// </summary>
    public async Task TrimAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            """
            with trimmed as (
              delete from service.resource_generation l using service.resource_group g
              where g.name = l.group_name and l.generation < g.generation - $1
            )
            delete from service.resource r using service.resource_group g
            where g.name = r.group_name and r.body is null and r.generation <= g.generation - $1
            """,
            (long)options.Value.Length,
            cancellationToken
        );
        await ExecuteAsync(
            "delete from service.resource_node where seen_at < clock_timestamp() - $1",
            options.Value.NodeRetention,
            cancellationToken
        );
    }

    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            await TrimAsync(cancellationToken);
            await Task.Delay(options.Value.TrimInterval, time, cancellationToken);
        }
    }

    private async Task ExecuteAsync(string sql, object value, CancellationToken cancellationToken)
    {
        await using var command = dataSource.CreateCommand(sql);
        command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
