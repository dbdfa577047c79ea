using ApiSvc.ServiceDefaults.Data;
using Npgsql;
using NpgsqlTypes;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>An audit record to and from its row.</summary>
internal static class AuditTable
{
    public const string Columns =
        "position, id, time, actor_kind, actor, client_id, address, action, object_kind, object_id, team, result, "
        + "before_state, after_state, trace_id, hash";

    public static NpgsqlBatchCommand Insert(AuditRecord entry, byte[] hash) =>
        new(
            $"insert into service.audit_log ({Columns}) "
                + "values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        )
        {
            Parameters =
            {
                new() { Value = entry.Position },
                new() { Value = entry.Id },
                new() { Value = entry.Time },
                new() { Value = entry.ActorKind },
                new() { Value = entry.Actor },
                SqlValue.Text(entry.ClientId),
                SqlValue.Text(entry.Address),
                new() { Value = entry.Action },
                new() { Value = entry.ObjectKind },
                new() { Value = entry.ObjectId },
                SqlValue.Of(entry.Team, NpgsqlDbType.Uuid),
                new() { Value = entry.Result },
                SqlValue.Of(entry.Before, NpgsqlDbType.Json),
                SqlValue.Of(entry.After, NpgsqlDbType.Json),
                SqlValue.Text(entry.TraceId),
                new() { Value = hash },
            },
        };

    public static (AuditRecord Entry, byte[] Hash) Read(NpgsqlDataReader row) =>
        (
            new()
            {
                Position = row.GetInt64(0),
                Id = row.GetGuid(1),
                Time = row.GetDateTime(2),
                ActorKind = row.GetString(3),
                Actor = row.GetString(4),
                ClientId = Text(row, 5),
                Address = Text(row, 6),
                Action = row.GetString(7),
                ObjectKind = row.GetString(8),
                ObjectId = row.GetString(9),
                Team = row.IsDBNull(10) ? null : row.GetGuid(10),
                Result = row.GetString(11),
                Before = Text(row, 12),
                After = Text(row, 13),
                TraceId = Text(row, 14),
            },
            row.GetFieldValue<byte[]>(15)
        );

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
