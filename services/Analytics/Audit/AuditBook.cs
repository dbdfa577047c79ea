using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Data;
using Dapper;
using Google.Protobuf;
using Npgsql;

namespace ApiSvc.Analytics.Audit;

/// <summary>Keeps entries as they come. A repeat changes nothing; another entry for a taken place is kept apart and told.</summary>
internal sealed partial class AuditBook(
    NpgsqlDataSource database,
    AuditMetrics metrics,
    TimeProvider time,
    ILogger<AuditBook> logger
)
{
    private const string Insert = """
        insert into audit_entry (service, position, id, time, actor_kind, actor, client_id, client_address, action,
          object_kind, object_id, team_id, result, before, after, trace_id, hash)
        values (@Service, @Position, @Id, @Time, @ActorKind, @Actor, @ClientId, @ClientAddress, @Action,
          @ObjectKind, @ObjectId, @TeamId, @Result, @Before, @After, @TraceId, @Hash)
        on conflict (service, position) do nothing
        """;

    private const string InsertConflict = """
        insert into audit_conflict (service, position, hash, event, found_at)
        select @Service, @Position, @Hash, @bytes, @now
        where exists (
          select from audit_entry where service = @Service and position = @Position and hash <> @Hash
        )
        on conflict do nothing
        """;

    /// <exception cref="FormatException">It is no entry: an id or the hash is missing.</exception>
    public async Task AddAsync(AuditEvent entry, CancellationToken cancellationToken)
    {
        var row = AuditRow.Of(entry);
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        if (await db.ExecuteAsync(new(Insert, row, cancellationToken: cancellationToken)) > 0)
        {
            return;
        }

        var conflict = await db.ExecuteAsync(
            new(
                InsertConflict,
                new
                {
                    row.Service,
                    row.Position,
                    row.Hash,
                    bytes = entry.ToByteArray(),
                    now = time.GetStoredNow(),
                },
                cancellationToken: cancellationToken
            )
        );
        if (conflict > 0)
        {
            metrics.Conflict(row.Service);
            Log.Conflict(logger, row.Service, row.Position);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Critical,
            "The audit log of {Service} was rewritten: another entry came for position {Position}. It is in audit_conflict."
        )]
        public static partial void Conflict(ILogger logger, string service, long position);
    }
}
