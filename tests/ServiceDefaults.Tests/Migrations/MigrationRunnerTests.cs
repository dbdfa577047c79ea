using ApiSvc.ServiceDefaults.Migrations;
using ApiSvc.ServiceDefaults.Tests.Data;

namespace ApiSvc.ServiceDefaults.Tests.Migrations;

public sealed class MigrationRunnerTests
{
    private static readonly (string, string) First = (
        "0001_first.sql",
        "create table first (id int);\ninsert into first values (1);"
    );

    // The index can only be built concurrently if nobody waits for the lock inside a statement.
    private static readonly (string, string) Concurrent = (
        "0002_index.sql",
        "-- no transaction\ndrop index concurrently if exists first_id;\ncreate index concurrently first_id on first (id);"
    );

    [Fact]
    public async Task RunAsync_ManyAtOnce_AppliesEachOnce()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var set = MigrationSet.Create("things", [First, Concurrent]);
        var defaults = MigrationSet.Read("defaults", typeof(MigrationSet).Assembly);

        var applied = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => database.MigrateAsync(defaults, set))
        );

        applied.Sum().ShouldBe(defaults.Migrations.Count + 2);
        applied.Count(a => a == 0).ShouldBe(11);
        (await database.ScalarAsync<long>("select count(*) from first")).ShouldBe(1);
        (
            await database.ScalarAsync<bool>(
                "select indisvalid from pg_index where indexrelid = 'first_id'::regclass"
            )
        ).ShouldBeTrue();
    }

    [Fact]
    public async Task RunAsync_NewFile_AppliesOnlyThat()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        (await database.MigrateAsync(MigrationSet.Create("things", [First]))).ShouldBe(1);

        (await database.MigrateAsync(MigrationSet.Create("things", [First, Concurrent]))).ShouldBe(
            1
        );

        var names = await database.QueryAsync<string>(
            "select name from service.schema_migrations where component = 'things' order by number"
        );
        names.ShouldBe(["first", "index"]);
    }

    [Fact]
    public async Task RunAsync_DatabaseIsNewer_IsAccepted()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await database.MigrateAsync(MigrationSet.Create("things", [First, Concurrent]));

        (await database.MigrateAsync(MigrationSet.Create("things", [First]))).ShouldBe(0);
    }

    [Fact]
    public async Task RunAsync_AppliedFileChanged_RefusesAndNamesIt()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        await database.MigrateAsync(MigrationSet.Create("things", [First]));

        var refused = await Should.ThrowAsync<MigrationException>(() =>
            database.MigrateAsync(
                MigrationSet.Create("things", [("0001_first.sql", "select 1;"), Concurrent])
            )
        );

        refused.Message.ShouldStartWith("Migration things/0001_first.sql was changed");
        (
            await database.ScalarAsync<long>("select count(*) from service.schema_migrations")
        ).ShouldBe(1);
    }

    [Fact]
    public async Task RunAsync_StatementFails_LeavesNothingAndTellsWhere()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var set = MigrationSet.Create(
            "things",
            [
                First,
                (
                    "0002_broken.sql",
                    "create table second (id int);\n\n-- a comment\nselect id,\n  missing from second;"
                ),
            ]
        );

        var refused = await Should.ThrowAsync<MigrationException>(() => database.MigrateAsync(set));

        refused.Message.ShouldBe(
            "Migration things/0002_broken.sql failed, line 5, column 3: 42703 column \"missing\" does not exist"
        );
        (await database.ScalarAsync<string>("select to_regclass('second')::text")).ShouldBeNull();
        (
            await database.ScalarAsync<int>("select max(number) from service.schema_migrations")
        ).ShouldBe(1);
        // The lock is free again.
        (await database.MigrateAsync(MigrationSet.Create("things", [First]))).ShouldBe(0);
    }

    [Fact]
    public async Task RunAsync_FailsWithoutPosition_TellsTheStatementsLine()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var set = MigrationSet.Create(
            "things",
            [
                (
                    "0001_a.sql",
                    "create table t (id int primary key);\ninsert into t\nvalues (1), (1);"
                ),
            ]
        );

        var refused = await Should.ThrowAsync<MigrationException>(() => database.MigrateAsync(set));

        refused.Message.ShouldStartWith("Migration things/0001_a.sql failed, line 2: 23505");
    }
}
