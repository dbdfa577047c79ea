using System.Diagnostics;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace ApiSvc.ServiceDefaults.Outbox;

/// <summary>
/// The last step of a transaction: takes the head row, and with it the next positions, then writes events and audit
/// entries. The row stays locked until the commit, so positions become visible in their order.
/// </summary>
internal sealed class OutboxWriter(ServiceIdentity service, TimeProvider time)
{
    public async Task WriteAsync(
        NpgsqlConnection db,
        IReadOnlyList<OutboxEvent> events,
        IReadOnlyList<AuditDraft> audits,
        CancellationToken cancellationToken
    )
    {
        var head = await TakeHeadAsync(
            db,
            events.Count + audits.Count,
            audits.Count,
            cancellationToken
        );

        // After the head row is locked: times then rise with positions, as far as the clock does.
        var now = time.GetUtcNow().UtcDateTime;
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));

        await using var batch = new NpgsqlBatch(db);
        var position = head.Position;
        foreach (var outboxEvent in events)
        {
            batch.BatchCommands.Add(Insert(++position, outboxEvent, now));
        }

        var (auditPosition, hash) = (head.AuditPosition, head.AuditHash);
        foreach (var draft in audits)
        {
            var entry = AuditRecord.Of(draft, ++auditPosition, now);
            hash = AuditChain.Hash(hash, entry);
            batch.BatchCommands.Add(AuditTable.Insert(entry, hash));
            batch.BatchCommands.Add(
                Insert(++position, AuditEventFormat.ToEvent(service, entry, hash), now)
            );
        }

        if (audits.Count > 0)
        {
            batch.BatchCommands.Add(
                new("update service.outbox_head set audit_hash = $1")
                {
                    Parameters = { new() { Value = hash } },
                }
            );
        }

        batch.BatchCommands.Add(new($"notify {OutboxStore.Channel}"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<(long Position, long AuditPosition, byte[] AuditHash)> TakeHeadAsync(
        NpgsqlConnection db,
        long events,
        long audits,
        CancellationToken cancellationToken
    )
    {
        await using var take = new NpgsqlCommand(
            """
            update service.outbox_head set position = position + $1, audit_position = audit_position + $2
            returning position - $1, audit_position - $2, audit_hash
            """,
            db
        )
        {
            Parameters =
            {
                new() { Value = events },
                new() { Value = audits },
            },
        };
        await using var row = await take.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        return (row.GetInt64(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2));
    }

    private NpgsqlBatchCommand Insert(long position, OutboxEvent outboxEvent, DateTime now)
    {
        var trace = Activity.Current;
        return new(
            """
            insert into service.outbox
              (position, id, topic, key, type, source, time, content_type, payload, traceparent, tracestate)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """
        )
        {
            Parameters =
            {
                new() { Value = position },
                new() { Value = Guid.CreateVersion7(new DateTimeOffset(now)) },
                new() { Value = outboxEvent.Topic },
                SqlValue.Text(outboxEvent.Key),
                new() { Value = outboxEvent.Type },
                new() { Value = service.EventSource },
                new() { Value = now },
                new() { Value = outboxEvent.ContentType },
                new() { Value = outboxEvent.Payload, NpgsqlDbType = NpgsqlDbType.Bytea },
                SqlValue.Text(trace is { IdFormat: ActivityIdFormat.W3C } ? trace.Id : null),
                SqlValue.Text(trace?.TraceStateString),
            },
        };
    }
}
