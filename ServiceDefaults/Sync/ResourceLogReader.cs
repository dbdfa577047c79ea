using System.Data;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Data;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>What a follower is sent to get from its position to another.</summary>
/// <param name="Updates">In the order in which they are to be sent; none if there is nothing new.</param>
/// <param name="End">Where it is then.</param>
internal sealed record LogPart(IReadOnlyList<Update> Updates, LogPosition End);

/// <summary>Reads the log, each time as of one moment, into messages under 4 MB.</summary>
internal sealed class ResourceLogReader(NpgsqlDataSource dataSource)
{
    // One resource may have 3 MB more.
    private const int FullMessage = 512 * 1024;

    private const string Columns = "select kind, id, features, body from service.resource";

    /// <summary>Where the group is; at no generation if there is no such group yet.</summary>
    public async Task<LogPosition> HeadAsync(string group, CancellationToken cancellationToken)
    {
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        return await HeadAsync(db, group, cancellationToken);
    }

    /// <summary>Whether the changes since a position can be told.</summary>
    public async Task<bool> KnowsAsync(
        string group,
        LogPosition position,
        CancellationToken cancellationToken
    )
    {
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        return await KnowsAsync(db, group, position, cancellationToken);
    }

    /// <summary>The changes since a position; null if the log does not know it (any more).</summary>
    public async Task<LogPart?> ChangesAsync(
        string group,
        LogPosition since,
        CancellationToken cancellationToken
    )
    {
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var moment = await db.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        var head = await HeadAsync(db, group, cancellationToken);
        if (head == since)
        {
            return new([], head);
        }

        if (!await KnowsAsync(db, group, since, cancellationToken))
        {
            return null;
        }

        var delta = new DeltaParts(since);
        await using (
            var select = new NpgsqlCommand(
                $"{Columns} where group_name = $1 and generation > $2 order by generation",
                db
            )
        )
        {
            select.Parameters.Add(SqlValue.Text(group));
            select.Parameters.Add(new() { Value = (long)since.Generation });
            await using var reader = await select.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                delta.Add(
                    await reader.IsDBNullAsync(3, cancellationToken)
                        ? new Change
                        {
                            Delete = new() { Kind = Kind(reader), Id = Id(reader) },
                        }
                        : new Change { Put = ResourceOf(reader) }
                );
            }
        }

        var committedAt = await CommittedAtAsync(db, group, head, cancellationToken);
        return new(delta.End(head, committedAt), head);
    }

    /// <summary>The whole state.</summary>
    public async Task<LogPart> SnapshotAsync(string group, CancellationToken cancellationToken)
    {
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var moment = await db.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        var head = await HeadAsync(db, group, cancellationToken);
        var chunk = new SnapshotChunk { Generation = head.Generation, First = true };
        var updates = new List<Update> { new() { Snapshot = chunk } };
        await using var select = new NpgsqlCommand(
            $"{Columns} where group_name = $1 and body is not null",
            db
        );
        select.Parameters.Add(SqlValue.Text(group));
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var size = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            var resource = ResourceOf(reader);
            if (size > FullMessage)
            {
                chunk = new SnapshotChunk { Generation = head.Generation };
                updates.Add(new() { Snapshot = chunk });
                size = 0;
            }

            chunk.Resources.Add(resource);
            size += resource.CalculateSize();
        }

        chunk.Last = true;
        chunk.Hash = ByteString.CopyFrom(head.Hash.ToArray());
        return new(updates, head);
    }

    private static async Task<LogPosition> HeadAsync(
        NpgsqlConnection db,
        string group,
        CancellationToken cancellationToken
    )
    {
        await using var select = new NpgsqlCommand(
            "select generation, hash from service.resource_group where name = $1",
            db
        );
        select.Parameters.Add(SqlValue.Text(group));
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new((ulong)reader.GetInt64(0), StateHash.Read(reader.GetFieldValue<byte[]>(1)))
            : default;
    }

    private static async Task<bool> KnowsAsync(
        NpgsqlConnection db,
        string group,
        LogPosition position,
        CancellationToken cancellationToken
    )
    {
        if (position.Generation > long.MaxValue)
        {
            return false;
        }

        await using var select = new NpgsqlCommand(
            "select 1 from service.resource_generation where group_name = $1 and generation = $2 and hash = $3",
            db
        );
        select.Parameters.Add(SqlValue.Text(group));
        select.Parameters.Add(new() { Value = (long)position.Generation });
        select.Parameters.Add(new() { Value = position.Hash.ToArray() });
        return await select.ExecuteScalarAsync(cancellationToken) is not null;
    }

    private static async Task<Timestamp> CommittedAtAsync(
        NpgsqlConnection db,
        string group,
        LogPosition position,
        CancellationToken cancellationToken
    )
    {
        await using var select = new NpgsqlCommand(
            "select committed_at from service.resource_generation where group_name = $1 and generation = $2",
            db
        );
        select.Parameters.Add(SqlValue.Text(group));
        select.Parameters.Add(new() { Value = (long)position.Generation });
        return Timestamp.FromDateTime(
            (DateTime)(await select.ExecuteScalarAsync(cancellationToken))!
        );
    }

    private static uint Kind(NpgsqlDataReader reader) => (uint)reader.GetInt32(0);

    private static ByteString Id(NpgsqlDataReader reader) =>
        UnsafeByteOperations.UnsafeWrap(reader.GetFieldValue<byte[]>(1));

    private static Resource ResourceOf(NpgsqlDataReader reader) =>
        new()
        {
            Kind = Kind(reader),
            Id = Id(reader),
            RequiredFeatures =
            {
                reader.GetString(2).Split(' ', StringSplitOptions.RemoveEmptyEntries),
            },
            Body = UnsafeByteOperations.UnsafeWrap(reader.GetFieldValue<byte[]>(3)),
        };

    /// <summary>Changes cut into messages; a follower applies them together after the last.</summary>
    private sealed class DeltaParts(LogPosition since)
    {
        private readonly List<Delta> _parts = [new()];
        private int _size;

        public void Add(Change change)
        {
            if (_size > FullMessage)
            {
                _parts.Add(new());
                _size = 0;
            }

            _parts[^1].Changes.Add(change);
            _size += change.CalculateSize();
        }

        public List<Update> End(LogPosition end, Timestamp committedAt)
        {
            var hash = ByteString.CopyFrom(end.Hash.ToArray());
            foreach (var part in _parts)
            {
                part.FromGeneration = since.Generation;
                part.ToGeneration = end.Generation;
                part.Hash = hash;
                part.CommittedAt = committedAt;
                part.More = !ReferenceEquals(part, _parts[^1]);
            }

            return _parts.ConvertAll(part => new Update { Delta = part });
        }
    }
}
