using ApiSvc.ServiceDefaults.Data;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Migrations;

/// <summary>
/// Brings a database to the schema that this build knows: each migration once, in order, in a transaction of its
/// own, however many instances start together. What a newer version added is left alone.
/// </summary>
internal sealed partial class MigrationRunner(
    NpgsqlDataSource dataSource,
    IReadOnlyList<MigrationSet> sets,
    TimeProvider time,
    ILogger<MigrationRunner> logger
)
{
    private static readonly long Lock = LockKey.Of("apisvc:migrations");
    private static readonly TimeSpan LockPoll = TimeSpan.FromMilliseconds(100);

    // Exists before the first migration can be recorded, so it is made here and in no migration.
    private const string Ledger = """
        create schema if not exists service;
        create table if not exists service.schema_migrations (
          component text not null,
          number int not null,
          name text not null,
          checksum text not null,
          applied_at timestamptz not null,
          primary key (component, number)
        );
        """;

    /// <summary>Applies what is missing.</summary>
    /// <returns>How many this call applied.</returns>
    /// <exception cref="MigrationException">A migration failed, or an applied file was changed.</exception>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var db = await dataSource.OpenConnectionAsync(cancellationToken);
        await LockAsync(db, cancellationToken);
        try
        {
            await db.ExecuteAsync(Ledger);
            var applied = 0;
            foreach (var set in sets)
            {
                applied += await ApplyAsync(db, set, cancellationToken);
            }

            return applied;
        }
        finally
        {
            // A broken connection has released it already.
            if (db.FullState.HasFlag(System.Data.ConnectionState.Open))
            {
                await db.ExecuteAsync("select pg_advisory_unlock(@Lock)", new { Lock });
            }
        }
    }

    // Asks again and again instead of waiting in the server: CREATE INDEX CONCURRENTLY waits for every running
    // statement, so an instance that waited in pg_advisory_lock and one that builds an index would wait for each other.
    private async Task LockAsync(NpgsqlConnection db, CancellationToken cancellationToken)
    {
        while (
            !await db.ExecuteScalarAsync<bool>("select pg_try_advisory_lock(@Lock)", new { Lock })
        )
        {
            await Task.Delay(LockPoll, time, cancellationToken);
        }
    }

    private async Task<int> ApplyAsync(
        NpgsqlConnection db,
        MigrationSet set,
        CancellationToken cancellationToken
    )
    {
        var rows = await db.QueryAsync<(int Number, string Checksum)>(
            "select number, checksum from service.schema_migrations where component = @Component",
            new { set.Component }
        );
        var known = rows.ToDictionary(r => r.Number, r => r.Checksum);
        var applied = 0;
        foreach (var migration in set.Migrations)
        {
            if (!known.TryGetValue(migration.Number, out var checksum))
            {
                await ApplyAsync(db, migration, cancellationToken);
                applied++;
            }
            else if (checksum != migration.Checksum)
            {
                throw new MigrationException(
                    $"Migration {migration} was changed after it was applied. Restore the file and put the change into a new migration."
                );
            }
        }

        return applied;
    }

    private async Task ApplyAsync(
        NpgsqlConnection db,
        Migration migration,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        if (migration.InTransaction)
        {
            await using var transaction = await db.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(db, migration, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        else
        {
            await ExecuteAsync(db, migration, cancellationToken);
        }

        var took = time.GetElapsedTime(started);
        Log.Applied(logger, migration, took);
    }

    private async Task ExecuteAsync(
        NpgsqlConnection db,
        Migration migration,
        CancellationToken cancellationToken
    )
    {
        foreach (var statement in SqlScript.Split(migration.Sql))
        {
            try
            {
                // Without a limit in time: an index on a big table takes what it takes.
                await using var command = new NpgsqlCommand(statement.Text, db)
                {
                    CommandTimeout = 0,
                };
                await command.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (PostgresException e)
            {
                throw new MigrationException(Describe(migration, statement, e), e);
            }
        }

        await db.ExecuteAsync(
            "insert into service.schema_migrations values (@Component, @Number, @Name, @Checksum, @Now)",
            new
            {
                migration.Component,
                migration.Number,
                migration.Name,
                migration.Checksum,
                Now = time.GetUtcNow(),
            }
        );
    }

    private static string Describe(Migration migration, SqlStatement statement, PostgresException e)
    {
        // The position counts characters of the statement, from 1; 0 where Postgres tells none.
        var before = statement.Text.AsSpan(0, Math.Clamp(e.Position - 1, 0, statement.Text.Length));
        var line = statement.Line + before.Count('\n');
        var column = before.Length - before.LastIndexOf('\n');
        var place = e.Position > 0 ? $"line {line}, column {column}" : $"line {line}";
        return $"Migration {migration} failed, {place}: {e.SqlState} {e.MessageText}";
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "Applied migration {Migration} in {Duration}"
        )]
        public static partial void Applied(ILogger logger, Migration migration, TimeSpan duration);
    }
}
