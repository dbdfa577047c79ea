using System.Text.Json;
using ApiSvc.ServiceDefaults.Data;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>Answers kept in the transaction of the request that they answer.</summary>
internal sealed class IdempotencyStore(IOptions<IdempotencyOptions> options, TimeProvider time)
{
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
                row.Body
            );
    }

    public Task AddAsync(NpgsqlConnection db, IdempotentRequest request, StoredAnswer answer)
    {
        var now = time.GetUtcNow();
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
                Id = Guid.CreateVersion7(now),
                answer.Fingerprint,
                answer.Status,
                Headers = JsonSerializer.Serialize(answer.Headers),
                answer.Body,
                ExpiresAt = now + options.Value.Retention,
            }
        );
    }

    private sealed record Row(Guid Id, byte[] Fingerprint, int Status, string Headers, byte[] Body);
}
