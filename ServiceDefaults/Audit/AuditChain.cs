using System.Buffers;
using System.Buffers.Binary;
using System.Data;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>What a check of the audit log found.</summary>
/// <param name="Entries">How many entries the chain says there are.</param>
/// <param name="BrokenAt">The first position that is not as it was written; null if all are.</param>
/// <param name="Reason">What is wrong there.</param>
public sealed record AuditVerification(long Entries, long? BrokenAt = null, string? Reason = null)
{
    /// <summary>The last entry of a log that is whole; null if there is none.</summary>
    public AuditAnchor? Last { get; init; }
}

/// <summary>
/// The hash chain over a service's audit log: each entry's hash is SHA-256 over the hash before it and the entry, and
/// the head row keeps the last. Whoever changes, removes, inserts or reorders entries would have to write all
/// hashes after them anew, and the ones that were published stay as they were: <see cref="AuditAnchor"/>.
/// </summary>
public sealed class AuditChain(NpgsqlDataSource dataSource)
{
    // Tells these hashes from all others; a changed layout gets another name.
    private static readonly byte[] Layout = "apisvc.audit.v1"u8.ToArray();

    /// <summary>The hash before the first entry.</summary>
    internal static byte[] Start { get; } = new byte[SHA256.HashSizeInBytes];

    /// <summary>Reads the whole log, as it is at one moment, and finds the first entry that is not as written.</summary>
    /// <param name="anchor">An entry as it was published; null: the log is only held against itself.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<AuditVerification> VerifyAsync(
        AuditAnchor? anchor = null,
        CancellationToken cancellationToken = default
    )
    {
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await db.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        var (last, lastHash) = await ReadHeadAsync(db, cancellationToken);
        await using var query = new NpgsqlCommand(
            $"select {AuditTable.Columns} from service.audit_log order by position",
            db
        )
        {
            CommandTimeout = 0,
        };
        await using var rows = await query.ExecuteReaderAsync(cancellationToken);

        var (position, hash) = (0L, Start);
        while (await rows.ReadAsync(cancellationToken))
        {
            var (entry, stored) = AuditTable.Read(rows);
            position++;
            if (entry.Position != position)
            {
                return new(last, position, $"the entry is missing; {entry.Position} follows");
            }

            hash = Hash(hash, entry);
            if (!hash.AsSpan().SequenceEqual(stored))
            {
                return new(last, position, "the entry is not what its hash says");
            }

            if (position == anchor?.Position && AuditAnchor.Of(position, hash) != anchor)
            {
                return new(
                    last,
                    position,
                    "the entry is not the one that was published: it or one before it was written anew"
                );
            }
        }

        if (JudgeEnd(position, hash, last, lastHash) is { BrokenAt: not null } broken)
        {
            return broken;
        }

        return position < anchor?.Position
            ? new(last, position + 1, $"the entry is missing; {anchor.Position} were published")
            : new(last) { Last = last == 0 ? null : AuditAnchor.Of(last, hash) };
    }

    private static AuditVerification JudgeEnd(
        long position,
        byte[] hash,
        long last,
        byte[] lastHash
    ) =>
        (position.CompareTo(last), hash.AsSpan().SequenceEqual(lastHash)) switch
        {
            (< 0, _) => new(last, position + 1, $"the entry is missing; there were {last}"),
            (> 0, _) => new(last, last + 1, "the entry was never appended by the service"),
            (_, false) => new(last, position, "the entry is not the one that was appended last"),
            _ => new(last),
        };

    /// <summary>The hash of an entry that follows another. The layout is part of the promise: it never changes.</summary>
    internal static byte[] Hash(ReadOnlySpan<byte> previous, AuditRecord entry)
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        bytes.Write(previous);
        bytes.Write(Layout);
        BinaryPrimitives.WriteInt64BigEndian(bytes.GetSpan(sizeof(long)), entry.Position);
        bytes.Advance(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(
            bytes.GetSpan(sizeof(long)),
            (entry.Time - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
        );
        bytes.Advance(sizeof(long));
        ReadOnlySpan<string?> fields =
        [
            entry.Id.ToString("D"),
            entry.ActorKind,
            entry.Actor,
            entry.ClientId,
            entry.Address,
            entry.Action,
            entry.ObjectKind,
            entry.ObjectId,
            entry.Team?.ToString("D"),
            entry.Result,
            entry.Before,
            entry.After,
            entry.TraceId,
        ];
        foreach (var field in fields)
        {
            WriteField(bytes, field);
        }

        return SHA256.HashData(bytes.WrittenSpan);
    }

    // Length first, so that no two different entries have the same bytes; -1 tells null from empty.
    private static void WriteField(ArrayBufferWriter<byte> bytes, string? field)
    {
        var length = field is null ? -1 : Encoding.UTF8.GetByteCount(field);
        BinaryPrimitives.WriteInt32BigEndian(bytes.GetSpan(sizeof(int)), length);
        bytes.Advance(sizeof(int));
        if (field is not null)
        {
            Encoding.UTF8.GetBytes(field, bytes);
        }
    }

    private static async Task<(long Position, byte[] Hash)> ReadHeadAsync(
        NpgsqlConnection db,
        CancellationToken cancellationToken
    )
    {
        await using var query = new NpgsqlCommand(
            "select audit_position, audit_hash from service.outbox_head",
            db
        );
        await using var row = await query.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken)
            ? (row.GetInt64(0), row.GetFieldValue<byte[]>(1))
            : (0, Start);
    }
}
