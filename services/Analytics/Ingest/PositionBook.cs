using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Ingest;

/// <summary>
/// How far each partition is taken in: in the database, where it changes together with what was taken. Kafka's own offsets
/// are not used.
/// </summary>
internal sealed class PositionBook(NpgsqlDataSource database, string topic)
{
    /// <summary>Where to go on; 0 for a partition that is new.</summary>
    public async Task<IReadOnlyDictionary<int, long>> ReadAsync(
        IReadOnlyCollection<int> partitions,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await db.ExecuteAsync(
            """
            insert into topic_position (topic, partition, position)
            select @topic, p, 0 from unnest(@partitions) as p order by p on conflict do nothing
            """,
            new { topic, partitions = partitions.ToArray() }
        );
        var rows = await db.QueryAsync<(int Partition, long Position)>(
            "select partition, position from topic_position where topic = @topic and partition = any(@partitions)",
            new { topic, partitions = partitions.ToArray() }
        );
        return rows.ToDictionary(r => r.Partition, r => r.Position);
    }

    /// <summary>Moves on, if nobody else has moved meanwhile.</summary>
    /// <exception cref="PositionLostException">Another instance reads these partitions now.</exception>
    public async Task MoveAsync(
        NpgsqlConnection db,
        IReadOnlyList<(int Partition, long From, long To)> moves
    )
    {
        var moved = await db.ExecuteAsync(
            """
            update topic_position t set position = u.after
            from (select * from unnest(@partitions, @before, @after) as u (partition, before, after)
              order by partition) u
            where t.topic = @topic and t.partition = u.partition and t.position = u.before
            """,
            new
            {
                topic,
                partitions = moves.Select(m => m.Partition).ToArray(),
                before = moves.Select(m => m.From).ToArray(),
                after = moves.Select(m => m.To).ToArray(),
            }
        );
        if (moved != moves.Count)
        {
            throw new PositionLostException();
        }
    }
}

/// <summary>Another instance reads a partition now: what this one read of it is not taken.</summary>
internal sealed class PositionLostException()
    : Exception("Another instance took over a partition of the topic of calls.");
