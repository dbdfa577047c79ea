using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Sealing;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Keys;

/// <summary>Keeps the signing keys in <c>identitydb</c>.</summary>
internal sealed class SigningKeyStore(
    NpgsqlDataSource database,
    ISealer sealer,
    UuidGenerator ids,
    TimeProvider time
)
{
    public static SealedColumn PrivateKey { get; } = new("signing_keys", "id", "private_key");

    /// <summary>Reads the keys; the first instance ever makes the first one.</summary>
    /// <returns>At least one, the newest first.</returns>
    /// <exception cref="SigningKeyException">One does not open.</exception>
    public async Task<IReadOnlyList<SigningKey>> ReadOrCreateAsync(CancellationToken token)
    {
        await using var db = await database.OpenConnectionAsync(token);
        await using var transaction = await db.BeginTransactionAsync(token);
        // Two instances that start together must not make a key each.
        await db.ExecuteAsync("lock table signing_keys in share row exclusive mode");
        var rows = await ReadAsync(db);
        if (rows.Count == 0)
        {
            await InsertAsync(db);
            rows = await ReadAsync(db);
        }

        await transaction.CommitAsync(token);
        return [.. rows.Select(Open)];
    }

    private static async Task<List<Row>> ReadAsync(NpgsqlConnection db)
    {
        var rows = await db.QueryAsync<Row>(
            "select id, private_key as privateKey from signing_keys order by created_at desc, id desc"
        );
        return rows.AsList();
    }

    private Task<int> InsertAsync(NpgsqlConnection db)
    {
        var id = ids.Next();
        return db.ExecuteAsync(
            "insert into signing_keys (id, algorithm, private_key, created_at) values (@id, @algorithm, @sealedKey, @now)",
            new
            {
                id,
                algorithm = SigningKey.Algorithm,
                sealedKey = sealer.Seal(PrivateKey.At(id), SigningKey.NewPrivateKey()),
                now = time.GetUtcNow(),
            }
        );
    }

    // A key that does not open is never replaced by a new one: that would hide that the key ring is wrong.
    private SigningKey Open(Row row)
    {
        var opened = sealer.Open(PrivateKey.At(row.Id), row.PrivateKey);
        return opened.Value is { } key
            ? SigningKey.From(row.Id, key)
            : throw new SigningKeyException($"Signing key {row.Id}: {opened.Detail}");
    }

    private sealed record Row(Guid Id, byte[] PrivateKey);
}

/// <summary>A signing key cannot be used; the message says why and holds nothing secret.</summary>
internal sealed class SigningKeyException(string message) : Exception(message);
