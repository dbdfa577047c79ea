using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Data;
using Google.Protobuf;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>
/// Which nodes follow which group, and what they applied. In the database, so that every replica can answer; times
/// are the database's, so that clocks of replicas need not agree.
/// </summary>
public sealed class NodeRegistry(
    NpgsqlDataSource dataSource,
    IOptions<ResourceLogOptions> options,
    TimeProvider time
)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Keeps what a node says. Repeats are harmless, and one that is older than what is known since the node
    /// connected is ignored.
    /// </summary>
    public async Task AcknowledgeAsync(
        Acknowledgement acknowledgement,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(acknowledgement);
        await using var upsert = dataSource.CreateCommand(
            """
            insert into service.resource_node as n
              (group_name, node, build, features, seen_at, applied, durable, last_said, said_at)
            values ($1, $2, '', '', clock_timestamp(), $3, $4, $5, clock_timestamp())
            on conflict (group_name, node) do update
            set applied = excluded.applied, durable = excluded.durable, last_said = excluded.last_said,
              said_at = excluded.said_at
            where (n.applied, n.durable) <= (excluded.applied, excluded.durable)
            """
        );
        upsert.Parameters.Add(SqlValue.Text(acknowledgement.Group));
        upsert.Parameters.Add(SqlValue.Text(acknowledgement.Node));
        upsert.Parameters.Add(Number(acknowledgement.Applied));
        upsert.Parameters.Add(Number(acknowledgement.Durable));
        upsert.Parameters.Add(new() { Value = acknowledgement.ToByteArray() });
        await upsert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>All nodes of a group that are remembered, by name.</summary>
    public async Task<IReadOnlyList<NodeStatus>> ListAsync(
        string group,
        CancellationToken cancellationToken = default
    )
    {
        await using var select = dataSource.CreateCommand(
            """
            select node, build, features, seen_at, applied, durable, last_said,
              seen_at > clock_timestamp() - case when stream is null then $3 else $2 end
            from service.resource_node where group_name = $1 order by node
            """
        );
        select.Parameters.Add(SqlValue.Text(group));
        select.Parameters.Add(new() { Value = options.Value.Heartbeat * 3 });
        select.Parameters.Add(new() { Value = options.Value.Grace });
        var nodes = new List<NodeStatus>();
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var said = await reader.IsDBNullAsync(6, cancellationToken)
                ? new Acknowledgement()
                : Acknowledgement.Parser.ParseFrom(reader.GetFieldValue<byte[]>(6));
            nodes.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    reader.GetString(2).Split(' ', StringSplitOptions.RemoveEmptyEntries),
                    reader.GetBoolean(7),
                    reader.GetFieldValue<DateTimeOffset>(3),
                    (ulong)reader.GetInt64(4),
                    (ulong)reader.GetInt64(5),
                    said.Quarantined,
                    said.Refusal
                )
            );
        }

        return nodes;
    }

    /// <summary>Waits until every live node of the group has applied the generation.</summary>
    /// <returns>The names of those that have not when time is up; empty when all have.</returns>
    public async Task<IReadOnlyList<string>> WaitForAllAsync(
        string group,
        ulong generation,
        TimeSpan timeout,
        CancellationToken cancellationToken = default
    )
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var nodes = await ListAsync(group, cancellationToken);
            var missing = nodes
                .Where(n => n.IsLive && n.Applied < generation)
                .Select(n => n.Node)
                .ToList();
            if (missing.Count == 0 || time.GetElapsedTime(start) >= timeout)
            {
                return missing;
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    /// <summary>A node opened a stream; what it has is what counts, whatever it said before.</summary>
    /// <param name="follower">Who.</param>
    /// <param name="has">What it has of this log; 0 if what it has is not of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal async Task<Guid> ConnectAsync(
        Follower follower,
        ulong has,
        CancellationToken cancellationToken
    )
    {
        var stream = Guid.NewGuid();
        await using var upsert = dataSource.CreateCommand(
            """
            insert into service.resource_node as n
              (group_name, node, build, features, stream, connected_at, seen_at, applied, durable)
            values ($1, $2, $3, $4, $5, clock_timestamp(), clock_timestamp(), $6, $6)
            on conflict (group_name, node) do update
            set build = excluded.build, features = excluded.features, stream = excluded.stream,
              connected_at = excluded.connected_at, seen_at = excluded.seen_at,
              applied = excluded.applied, durable = excluded.durable,
              last_said = case when n.applied = excluded.applied then n.last_said end
            """
        );
        upsert.Parameters.Add(SqlValue.Text(follower.Group));
        upsert.Parameters.Add(SqlValue.Text(follower.Node));
        upsert.Parameters.Add(SqlValue.Text(follower.Build));
        upsert.Parameters.Add(SqlValue.Text(string.Join(' ', follower.Features)));
        upsert.Parameters.Add(new() { Value = stream });
        upsert.Parameters.Add(Number(has));
        await upsert.ExecuteNonQueryAsync(cancellationToken);
        return stream;
    }

    /// <summary>The stream still lives, or, at its end, did until now. Another stream of the node takes precedence.</summary>
    internal async Task SeenAsync(
        Follower follower,
        Guid stream,
        bool ended,
        CancellationToken cancellationToken
    )
    {
        await using var update = dataSource.CreateCommand(
            """
            update service.resource_node
            set seen_at = clock_timestamp(), stream = case when $4 then null else stream end
            where group_name = $1 and node = $2 and stream = $3
            """
        );
        update.Parameters.Add(SqlValue.Text(follower.Group));
        update.Parameters.Add(SqlValue.Text(follower.Node));
        update.Parameters.Add(new() { Value = stream });
        update.Parameters.Add(new() { Value = ended });
        await update.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Number(ulong value) =>
        new() { Value = (long)Math.Min(value, long.MaxValue) };
}
