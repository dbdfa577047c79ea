using ApiSvc.ServiceDefaults.Data;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>Writes the log that gateways follow, in the transaction of the change it tells of.</summary>
public sealed class ResourceLog(UnitOfWork work, TimeProvider time)
{
    internal const string Channel = "apisvc_resource_log";
    private const int RowsAtOnce = 500;

    /// <summary>
    /// Takes the group's next generation for these changes. The group is locked until the unit of work ends, so this
    /// comes last, just before its commit; who appends to several groups does so in ordinal order of their names.
    /// A put of what is there already and a deletion of what is not are left out. An unknown group is created.
    /// </summary>
    /// <returns>The generation that has the changes: the current one if nothing was left to change.</returns>
    /// <exception cref="ArgumentException">An id, body or feature is not as <see cref="ResourceChange"/> asks.</exception>
    public async Task<ulong> AppendAsync(
        string group,
        IReadOnlyList<ResourceChange> changes,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentNullException.ThrowIfNull(changes);
        var rows = Fold(changes);
        var db = await work.OpenAsync(cancellationToken);
        var head = await LockAsync(db, group, cancellationToken);
        var known = await KnownAsync(db, group, rows, cancellationToken);
        var hash = head.Hash;
        var changed = new List<Row>(rows.Count);
        foreach (var row in rows)
        {
            known.TryGetValue((row.Kind, Convert.ToHexString(row.Id)), out var before);
            if (
                before?.Digest == row.Digest
                && (row.Digest is null || before?.Features == row.Features)
            )
            {
                continue;
            }

            changed.Add(row);
            hash = before?.Digest is { } old ? hash.Subtract(old) : hash;
            hash = row.Digest is { } digest ? hash.Add(digest) : hash;
        }

        if (changed.Count == 0)
        {
            return (ulong)head.Generation;
        }

        var generation = head.Generation + 1;
        foreach (var part in changed.Chunk(RowsAtOnce))
        {
            await WriteAsync(db, group, generation, part, cancellationToken);
        }

        await AdvanceAsync(db, group, generation, hash, cancellationToken);
        return (ulong)generation;
    }

    // The last change of a resource is the one that counts.
    private static List<Row> Fold(IReadOnlyList<ResourceChange> changes)
    {
        var rows = new Dictionary<(int, string), Row>();
        foreach (var change in changes)
        {
            var row = Row.Of(change);
            rows[(row.Kind, Convert.ToHexString(row.Id))] = row;
        }

        return [.. rows.Values];
    }

    private async Task<(long Generation, StateHash Hash)> LockAsync(
        NpgsqlConnection db,
        string group,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            await using (
                var select = new NpgsqlCommand(
                    "select generation, hash from service.resource_group where name = $1 for update",
                    db
                )
            )
            {
                select.Parameters.Add(SqlValue.Text(group));
                await using var reader = await select.ExecuteReaderAsync(cancellationToken);
                if (await reader.ReadAsync(cancellationToken))
                {
                    return (reader.GetInt64(0), StateHash.Read(reader.GetFieldValue<byte[]>(1)));
                }
            }

            await CreateAsync(db, group, cancellationToken);
        }
    }

    private async Task CreateAsync(
        NpgsqlConnection db,
        string group,
        CancellationToken cancellationToken
    )
    {
        await using var insert = new NpgsqlCommand(
            """
            with created as (
              insert into service.resource_group (name, generation, hash) values ($1, 0, $2)
              on conflict do nothing returning name
            )
            insert into service.resource_generation (group_name, generation, hash, committed_at)
            select name, 0, $2, $3 from created
            """,
            db
        );
        insert.Parameters.Add(SqlValue.Text(group));
        insert.Parameters.Add(new() { Value = StateHash.Empty.ToArray() });
        insert.Parameters.Add(new() { Value = time.GetUtcNow() });
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<Dictionary<(int, string), Known>> KnownAsync(
        NpgsqlConnection db,
        string group,
        List<Row> rows,
        CancellationToken cancellationToken
    )
    {
        await using var select = new NpgsqlCommand(
            """
            select r.kind, r.id, r.digest, r.features
            from unnest($2::int[], $3::bytea[]) as k (kind, id)
            join service.resource r on r.group_name = $1 and r.kind = k.kind and r.id = k.id
            """,
            db
        );
        select.Parameters.Add(SqlValue.Text(group));
        select.Parameters.Add(Array(rows, r => r.Kind, NpgsqlDbType.Integer));
        select.Parameters.Add(Array(rows, r => r.Id, NpgsqlDbType.Bytea));
        var known = new Dictionary<(int, string), Known>();
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            StateHash? digest = await reader.IsDBNullAsync(2, cancellationToken)
                ? null
                : StateHash.Read(reader.GetFieldValue<byte[]>(2));
            var id = Convert.ToHexString(reader.GetFieldValue<byte[]>(1));
            known[(reader.GetInt32(0), id)] = new(digest, reader.GetString(3));
        }

        return known;
    }

    private static async Task WriteAsync(
        NpgsqlConnection db,
        string group,
        long generation,
        Row[] rows,
        CancellationToken cancellationToken
    )
    {
        await using var upsert = new NpgsqlCommand(
            """
            insert into service.resource (group_name, generation, kind, id, features, body, digest)
            select $1, $2, kind, id, features, body, digest
            from unnest($3::int[], $4::bytea[], $5::text[], $6::bytea[], $7::bytea[])
              as r (kind, id, features, body, digest)
            on conflict (group_name, kind, id) do update
            set generation = excluded.generation, features = excluded.features,
              body = excluded.body, digest = excluded.digest
            """,
            db
        );
        upsert.Parameters.Add(SqlValue.Text(group));
        upsert.Parameters.Add(new() { Value = generation });
        upsert.Parameters.Add(Array(rows, r => r.Kind, NpgsqlDbType.Integer));
        upsert.Parameters.Add(Array(rows, r => r.Id, NpgsqlDbType.Bytea));
        upsert.Parameters.Add(Array(rows, r => r.Features, NpgsqlDbType.Text));
        upsert.Parameters.Add(Array(rows, r => r.Body, NpgsqlDbType.Bytea));
        upsert.Parameters.Add(Array(rows, r => r.Digest?.ToArray(), NpgsqlDbType.Bytea));
        await upsert.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task AdvanceAsync(
        NpgsqlConnection db,
        string group,
        long generation,
        StateHash hash,
        CancellationToken cancellationToken
    )
    {
        await using var advance = new NpgsqlCommand(
            """
            with head as (
              update service.resource_group set generation = $2, hash = $3 where name = $1 returning name
            ), logged as (
              insert into service.resource_generation (group_name, generation, hash, committed_at)
              select name, $2, $3, $4 from head
            )
            select pg_notify($5, name) from head
            """,
            db
        );
        advance.Parameters.Add(SqlValue.Text(group));
        advance.Parameters.Add(new() { Value = generation });
        advance.Parameters.Add(new() { Value = hash.ToArray() });
        advance.Parameters.Add(new() { Value = time.GetUtcNow() });
        advance.Parameters.Add(SqlValue.Text(Channel));
        await advance.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Array<T>(
        IEnumerable<Row> rows,
        Func<Row, T> column,
        NpgsqlDbType type
    ) => new() { Value = rows.Select(column).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    private sealed record Known(StateHash? Digest, string Features);

    private sealed record Row(int Kind, byte[] Id, string Features, byte[]? Body, StateHash? Digest)
    {
        private const int MaxIdLength = 1024;

        public static Row Of(ResourceChange change)
        {
            if (change.Id.Length is 0 or > MaxIdLength)
            {
                throw new ArgumentException(
                    $"The id of a resource has 1 to {MaxIdLength} bytes, not {change.Id.Length}.",
                    nameof(change)
                );
            }

            if (change.RequiredFeatures.Any(f => f.Length == 0 || f.Any(char.IsWhiteSpace)))
            {
                throw new ArgumentException(
                    "The name of a feature is a word without spaces.",
                    nameof(change)
                );
            }

            var kind = checked((int)change.Kind);
            var body = change.Body?.ToByteArray();
            if (body?.Length > ResourceChange.MaxBodyLength)
            {
                throw new ArgumentException(
                    $"A resource of kind {kind} has {body.Length} bytes; a follower takes {ResourceChange.MaxBodyLength}.",
                    nameof(change)
                );
            }

            return body is null
                ? new(kind, change.Id, "", null, null)
                : new(
                    kind,
                    change.Id,
                    string.Join(' ', change.RequiredFeatures),
                    body,
                    StateHash.Of(change.Kind, change.Id, body)
                );
        }
    }
}
