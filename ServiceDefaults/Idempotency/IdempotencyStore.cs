using System.Text.Json;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Sealing;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>
/// Answers kept in the transaction of the request that they answer. Their bodies are sealed: the answer to a
/// creation may hold a secret that is shown once.
/// </summary>
internal sealed class IdempotencyStore(
    IOptions<IdempotencyOptions> options,
    ISealer sealer,
    TimeProvider time
)
{
    public static readonly SealedColumn Body = new("service.idempotent_answer", "id", "body");

    /// <summary>Reserves the key until the transaction ends.</summary>
    /// <returns>False if another request with it is under way.</returns>
    public static Task<bool> TryLockAsync(NpgsqlConnection db, IdempotentRequest request) =>
        db.ExecuteScalarAsync<bool>(
            "select pg_try_advisory_xact_lock(@Lock)",
            new { request.Lock }
        );

    public async Task<StoredAnswer?> FindAsync(NpgsqlConnection db, IdempotentRequest request)
    {
        var row = await db.QuerySingleOrDefaultAsync<Row>(
            """
            select id, fingerprint, status, headers, body
            from service.idempotent_answer
            where scope = @Scope and expires_at > @now
            """,
            new { request.Scope, now = time.GetUtcNow() }
        );
        return row is null
            ? null
            : new StoredAnswer(
                row.Fingerprint,
                row.Status,
                JsonSerializer.Deserialize<Dictionary<string, string>>(row.Headers)!,
                Open(row)
            );
    }

    public Task AddAsync(NpgsqlConnection db, IdempotentRequest request, StoredAnswer answer)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return db.ExecuteAsync(
            """
            insert into service.idempotent_answer (scope, id, fingerprint, status, headers, body, expires_at)
            values (@Scope, @Id, @Fingerprint, @Status, @Headers::json, @Body, @ExpiresAt)
            on conflict (scope) do update
            set id = excluded.id, fingerprint = excluded.fingerprint, status = excluded.status,
                headers = excluded.headers, body = excluded.body, expires_at = excluded.expires_at
            """,
            new
            {
                request.Scope,
                Id = id,
                answer.Fingerprint,
                answer.Status,
                Headers = JsonSerializer.Serialize(answer.Headers),
                Body = sealer.Seal(Body.At(id), answer.Body),
                ExpiresAt = now + options.Value.Retention,
            }
        );
    }

    // The operation was done and its answer is lost: repeating it would be wrong, and an answer cannot be made up.
    private byte[] Open(Row row)
    {
        var opened = sealer.Open(Body.At(row.Id), row.Body);
        return opened.Value
            ?? throw new InvalidOperationException($"{Body.Table}, row {row.Id}: {opened.Detail}");
    }

    private sealed record Row(Guid Id, byte[] Fingerprint, int Status, string Headers, byte[] Body);
}
