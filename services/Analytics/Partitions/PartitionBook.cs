using System.Collections.Concurrent;
using System.Globalization;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Partitions;

/// <summary>Makes partitions before they are written to, once each however many instances ask, and drops them.</summary>
internal sealed class PartitionBook(NpgsqlDataSource database)
{
    // Instances make the same partition at the same time; the second finds it there.
    private const long Lock = 0x6170_6973_7663_0001;

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <summary>Makes those partitions of the tables that these times need.</summary>
    public async Task EnsureAsync(
        IReadOnlyList<PartitionedTable> tables,
        IEnumerable<DateTime> times,
        CancellationToken cancellationToken
    )
    {
        var missing = times
            .SelectMany(time => tables.Select(table => (table, start: table.StartOf(time))))
            .Distinct()
            .Where(p => !_known.ContainsKey(p.table.PartitionAt(p.start)))
            .ToList();
        if (missing.Count == 0)
        {
            return;
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        foreach (var (table, start) in missing)
        {
            await CreateAsync(db, table, start, cancellationToken);
            _known[table.PartitionAt(start)] = true;
        }
    }

    /// <summary>
    /// The partitions there are, oldest first, with their size in bytes; those also that somebody began to drop.
    /// </summary>
    public static async Task<IReadOnlyList<Partition>> ListAsync(
        NpgsqlConnection db,
        PartitionedTable table
    )
    {
        var rows = await db.QueryAsync<(string Name, long Bytes, bool? Leaving)>(
            """
            select c.relname::text, pg_total_relation_size(c.oid), i.inhdetachpending
            from pg_class c left join pg_inherits i on i.inhrelid = c.oid
            where c.relkind = 'r' and c.relname ~ ('^' || @Name || '_[0-9]+$')
              and c.relnamespace = (select relnamespace from pg_class where oid = @Name::regclass)
            order by c.relname
            """,
            new { table.Name }
        );
        return
        [
            .. rows.Where(r => table.StartOf(r.Name) is not null)
                .Select(r => new Partition(
                    r.Name,
                    table.StartOf(r.Name)!.Value,
                    table.EndOf(table.StartOf(r.Name)!.Value),
                    r.Bytes,
                    r.Leaving
                )),
        ];
    }

    /// <summary>Drops a partition and what is in it. Whoever writes to it later makes it anew.</summary>
    public async Task DropAsync(
        NpgsqlConnection db,
        PartitionedTable table,
        Partition partition,
        CancellationToken cancellationToken
    )
    {
        // Taken off first: that waits for readers of the table without stopping those who come after. It is in steps, so
        // whoever dies leaves one that is half taken off, or loose.
        if (partition.IsLeaving is { } leaving)
        {
            var how = leaving ? "finalize" : "concurrently";
            await ExecuteAsync(
                db,
                $"alter table {table.Name} detach partition {partition.Name} {how}",
                cancellationToken
            );
        }

        await ExecuteAsync(db, $"drop table {partition.Name}", cancellationToken);
        _known.TryRemove(partition.Name, out _);
    }

    /// <summary>Another instance may have dropped partitions.</summary>
    public void Forget() => _known.Clear();

    private static async Task CreateAsync(
        NpgsqlConnection db,
        PartitionedTable table,
        DateTime start,
        CancellationToken cancellationToken
    )
    {
        var name = table.PartitionAt(start);
        await using var transaction = await db.BeginTransactionAsync(cancellationToken);
        await db.ExecuteAsync("select pg_advisory_xact_lock(@Lock)", new { Lock });
        if (
            !await db.ExecuteScalarAsync<bool>(
                "select exists (select from pg_inherits where inhrelid = to_regclass(@name))",
                new { name }
            )
        )
        {
            // Made apart and attached: that lets readers and writers of the table go on.
            await ExecuteAsync(
                db,
                $"""
                create table if not exists {name} (like {table.Name} including defaults){Storage(
                    table
                )};
                alter table {table.Name} attach partition {name} for values from {Bound(
                    start
                )} to {Bound(table.EndOf(start))}
                """,
                cancellationToken
            );
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static string Bound(DateTime time) =>
        string.Create(CultureInfo.InvariantCulture, $"('{time:yyyy-MM-dd}+00')");

    // A minute's row is updated with every batch of that minute: with room on its page no index changes.
    private static string Storage(PartitionedTable table) =>
        PartitionedTable.Minutes.Contains(table)
            ? " with (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.1)"
            : "";

    private static Task<int> ExecuteAsync(
        NpgsqlConnection db,
        string sql,
        CancellationToken cancellationToken
    ) => db.ExecuteAsync(new CommandDefinition(sql, cancellationToken: cancellationToken));
}

/// <summary>A partition of a table.</summary>
/// <param name="Name">Its own name.</param>
/// <param name="Start">Included.</param>
/// <param name="End">Excluded.</param>
/// <param name="Bytes">Its size, with indexes.</param>
/// <param name="IsLeaving">Whether somebody began to take it off the table; null where it is off already.</param>
internal sealed record Partition(
    string Name,
    DateTime Start,
    DateTime End,
    long Bytes,
    bool? IsLeaving
);
