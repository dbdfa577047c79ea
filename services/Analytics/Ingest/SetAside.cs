using ApiSvc.Analytics.Records;
using Npgsql;

namespace ApiSvc.Analytics.Ingest;

/// <summary>Keeps what cannot be read, with the reason, in the transaction of what could.</summary>
internal static class SetAside
{
    public static async Task AddAsync(
        NpgsqlConnection db,
        string topic,
        IReadOnlyList<SetAsideRow> rows,
        DateTime now
    )
    {
        if (rows.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            """
            insert into set_aside (topic, partition, position, record, reason, payload, set_aside_at)
            select $1, p, o, nullif(r, -1), why, body, $2 from unnest($3, $4, $5, $6, $7) as u (p, o, r, why, body)
            """,
            db
        )
        {
            Parameters =
            {
                new() { Value = topic },
                new() { Value = now },
                new() { Value = rows.Select(r => r.Message.Partition).ToArray() },
                new() { Value = rows.Select(r => r.Message.After - 1).ToArray() },
                new() { Value = rows.Select(r => r.Record ?? -1).ToArray() },
                new() { Value = rows.Select(r => r.Reason).ToArray() },
                new() { Value = rows.Select(r => r.Payload.ToArray()).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync();
    }
}

/// <summary>A message, or a record of it, to be set aside.</summary>
internal sealed record SetAsideRow(
    CallMessage Message,
    int? Record,
    string Reason,
    ReadOnlyMemory<byte> Payload
);
