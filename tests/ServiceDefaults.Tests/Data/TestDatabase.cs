using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Migrations;
using ApiSvc.Testing;
using Dapper;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Tests.Data;

/// <summary>A database of one test.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private TestDatabase(string connectionString)
    {
        ConnectionString = connectionString;
        DataSource = NpgsqlDataSource.Create(connectionString);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    public static async Task<TestDatabase> CreateEmptyAsync() =>
        new(await PostgresServer.CreateDatabaseAsync());

    /// <summary>With the tables of ServiceDefaults and a table <c>thing</c>.</summary>
    public static async Task<TestDatabase> CreateAsync()
    {
        var database = await CreateEmptyAsync();
        await database.MigrateAsync(
            MigrationSet.Read("defaults", typeof(MigrationSet).Assembly),
            MigrationSet.Create(
                "things",
                [("0001_thing.sql", "create table thing (name text primary key);")]
            )
        );
        return database;
    }

    public async Task<int> MigrateAsync(params IReadOnlyList<MigrationSet> sets)
    {
        var runner = new MigrationRunner(
            DataSource,
            sets,
            TimeProvider.System,
            NullLogger<MigrationRunner>.Instance
        );
        return await runner.RunAsync(TestContext.Current.CancellationToken);
    }

    public UnitOfWork Begin() => Begin(DataSource);

    public static UnitOfWork Begin(NpgsqlDataSource pool) =>
        new(pool, new ServiceIdentity("tests"), TimeProvider.System);

    public async Task<int> ExecuteAsync(string sql)
    {
        await using var db = await DataSource.OpenConnectionAsync();
        return await db.ExecuteAsync(sql);
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var db = await DataSource.OpenConnectionAsync();
        return await db.ExecuteScalarAsync<T>(sql);
    }

    public async Task<List<T>> QueryAsync<T>(string sql)
    {
        await using var db = await DataSource.OpenConnectionAsync();
        return (await db.QueryAsync<T>(sql)).AsList();
    }

    /// <summary>Ends the sessions that hold the leader's lock of a job.</summary>
    public async Task<int> TerminateLeaderAsync(string job)
    {
        await using var db = await DataSource.OpenConnectionAsync();
        var ended = await db.QueryAsync<bool>(
            """
            select pg_terminate_backend(pid) from pg_locks
            where locktype = 'advisory' and granted
              and database = (select oid from pg_database where datname = current_database())
              and (classid::bigint << 32) | objid::bigint = @key
            """,
            new { key = LockKey.Of("apisvc:leader:" + job) }
        );
        return ended.Count(e => e);
    }

    public ValueTask DisposeAsync() => DataSource.DisposeAsync();
}
