using System.Security.Cryptography;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Sealing;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Keys;

/// <summary>Keeps the signing keys in <c>identitydb</c>, sealed.</summary>
internal sealed class SigningKeyStore(
    ISealer sealer,
    IPrivateKeys privateKeys,
    UuidGenerator ids,
    TimeProvider time
)
{
    public const string Channel = "identity_signing_keys";

    public static SealedColumn PrivateKey { get; } = new("signing_keys", "id", "private_key");

    /// <summary>Reads all, those that sign first.</summary>
    /// <exception cref="SigningKeyException">One does not open.</exception>
    public async Task<List<SigningKey>> ReadAsync(NpgsqlConnection db)
    {
        var rows = await db.QueryAsync<SigningKeyRow, byte[], (SigningKeyRow, byte[])>(
            $"select {SigningKeyRow.Columns}, private_key from signing_keys order by signs_from desc nulls last, id desc",
            (row, key) => (row, key),
            splitOn: "private_key"
        );
        return [.. rows.Select(r => Open(r.Item1, r.Item2))];
    }

    /// <summary>Keeps other instances from changing keys before the transaction ends; they can still be read.</summary>
    public static Task LockAsync(NpgsqlConnection db) =>
        db.ExecuteAsync("lock table signing_keys in share row exclusive mode");

    public async Task<SigningKeyRow> InsertAsync(
        NpgsqlConnection db,
        string algorithm,
        DateTime? signsFrom
    )
    {
        var row = new SigningKeyRow(ids.Next(), algorithm, time.Now(), signsFrom);
        var parameters = new DynamicParameters(row);
        parameters.Add(
            "sealedKey",
            sealer.Seal(PrivateKey.At(row.Id), privateKeys.Make(algorithm))
        );
        await db.ExecuteAsync(
            """
            insert into signing_keys (id, algorithm, private_key, created_at, signs_from)
            values (@Id, @Algorithm, @sealedKey, @CreatedAt, @SignsFrom)
            """,
            parameters
        );
        return row;
    }

    public static Task SetSignsFromAsync(NpgsqlConnection db, SigningKeyRow row) =>
        db.ExecuteAsync("update signing_keys set signs_from = @SignsFrom where id = @Id", row);

    public static Task DeleteAsync(NpgsqlConnection db, SigningKeyRow row) =>
        db.ExecuteAsync("delete from signing_keys where id = @Id", row);

    // A key that does not open is never replaced by a new one: that would hide that the key ring is wrong.
    private SigningKey Open(SigningKeyRow row, byte[] sealedKey)
    {
        var opened = sealer.Open(PrivateKey.At(row.Id), sealedKey);
        if (opened.Value is not { } key)
        {
            throw new SigningKeyException($"Signing key {row.Id}: {opened.Detail}");
        }

        try
        {
            return SigningKey.From(row, key);
        }
        catch (CryptographicException e)
        {
            throw new SigningKeyException($"Signing key {row.Id}: {e.Message}");
        }
    }
}

/// <summary>A signing key cannot be used; the message says why and holds nothing secret.</summary>
internal sealed class SigningKeyException(string message) : Exception(message);
