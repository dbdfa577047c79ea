using System.Text;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.ServiceDefaults.Permissions;
using Dapper;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Tests.Data;

public sealed class UnitOfWorkTests
{
    internal static OutboxEvent Event(string text, string? key = null) =>
        new()
        {
            Topic = "apisvc.tests",
            Key = key,
            Type = "apisvc.tests.v1.Happened",
            Payload = Encoding.UTF8.GetBytes(text),
        };

    internal static AuditEntry Audit(string id, object? before = null, object? after = null) =>
        new()
        {
            Caller = Caller.System("tests"),
            Action = "thing.change",
            ObjectKind = "thing",
            ObjectId = id,
            Before = before,
            After = after,
        };

    [Fact]
    public async Task CommitAsync_StateEventAndAudit_AreOneTransaction()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var work = database.Begin())
        {
            var db = await work.OpenAsync();
            await db.ExecuteAsync("insert into thing values ('kept')");
            work.AddEvent(Event("kept", "k"));
            work.AddAudit(Audit("kept"));
            (await database.ScalarAsync<long>("select count(*) from service.outbox")).ShouldBe(0);
            await work.CommitAsync();
        }

        (await database.QueryAsync<string>("select name from thing")).ShouldBe(["kept"]);
        var rows = await database.QueryAsync<(long, string, string, bool)>(
            "select position, topic, source, published_at is null from service.outbox order by position"
        );
        rows.ShouldBe([
            (1, "apisvc.tests", "/apisvc/tests", true),
            (2, "apisvc.audit", "/apisvc/tests", true),
        ]);
        (await database.ScalarAsync<string>("select object_id from service.audit_log")).ShouldBe(
            "kept"
        );
    }

    [Fact]
    public async Task DisposeAsync_WithoutCommit_LeavesNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using (var work = database.Begin())
        {
            var db = await work.OpenAsync();
            await db.ExecuteAsync("insert into thing values ('lost')");
            work.AddEvent(Event("lost"));
        }

        (await database.ScalarAsync<long>("select count(*) from thing")).ShouldBe(0);
        (await database.ScalarAsync<long>("select count(*) from service.outbox")).ShouldBe(0);
        (await database.ScalarAsync<long>("select position from service.outbox_head")).ShouldBe(0);
    }

    [Fact]
    public async Task DisposeAsync_Again_LeavesAloneWhoHasTheConnectionNow()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var pool = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { MaxPoolSize = 1 }
        );
        var first = TestDatabase.Begin(pool);
        await first.OpenAsync();
        await first.CommitAsync();
        await first.DisposeAsync();
        await using var second = TestDatabase.Begin(pool);
        var db = await second.OpenAsync();
        await db.ExecuteAsync("insert into thing values ('kept')");

        await first.DisposeAsync();

        await second.CommitAsync();
        (await database.QueryAsync<string>("select name from thing")).ShouldBe(["kept"]);
    }

    [Fact]
    public async Task CommitAsync_ManyAtOnce_FollowerSeesEveryPositionInOrder()
    {
        const int writers = 12;
        const int commits = 40;
        await using var database = await TestDatabase.CreateAsync();
        using var done = new CancellationTokenSource();
        var follower = FollowAsync(database, done.Token);

        await Task.WhenAll(
            Enumerable
                .Range(0, writers)
                .Select(async w =>
                {
                    for (var i = 0; i < commits; i++)
                    {
                        await using var work = database.Begin();
                        var db = await work.OpenAsync();
                        await db.ExecuteAsync(
                            "insert into thing values (@name)",
                            new { name = $"{w}/{i}" }
                        );
                        // Transactions of different lengths, which begin and end in different orders; some never end.
                        await db.ExecuteAsync($"select pg_sleep({(w * 7 + i * 3) % 5 * 0.001})");
                        work.AddEvent(Event($"{w}/{i}"));
                        if ((w + i) % 4 == 0)
                        {
                            work.AddEvent(Event($"{w}/{i} again"));
                        }

                        if (i % 5 != 4)
                        {
                            await work.CommitAsync();
                        }
                    }
                })
        );
        await done.CancelAsync();
        var seen = await follower;

        seen.ShouldBe(Enumerable.Range(1, seen.Count).Select(i => (long)i));
        (await database.ScalarAsync<long>("select count(*) from service.outbox")).ShouldBe(
            seen.Count
        );
        seen.Count.ShouldBeGreaterThan(writers * commits * 4 / 5);
    }

    [Fact]
    public async Task OpenAsync_AfterTheConnectionWasLost_DoesNotOpenAnother()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var work = database.Begin();
        var db = await work.OpenAsync();
        var pid = await db.ExecuteScalarAsync<int>("select pg_backend_pid()");
        await database.ExecuteAsync($"select pg_terminate_backend({pid})");
        await Should.ThrowAsync<Npgsql.NpgsqlException>(() => db.ExecuteAsync("select 1"));

        await Should.ThrowAsync<InvalidOperationException>(async () => await work.OpenAsync());
        await Should.ThrowAsync<InvalidOperationException>(() => work.CommitAsync());
    }

    [Fact]
    public async Task AddEvent_AfterCommit_Throws()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var work = database.Begin();
        work.AddEvent(Event("a"));
        await work.CommitAsync();

        Should.Throw<InvalidOperationException>(() => work.AddEvent(Event("b")));
        await Should.ThrowAsync<InvalidOperationException>(() => work.CommitAsync());
    }

    // What a consumer of the table does: asks for what follows the last position that it saw.
    private static async Task<List<long>> FollowAsync(TestDatabase database, CancellationToken done)
    {
        var seen = new List<long> { 0 };
        while (true)
        {
            var last = done.IsCancellationRequested;
            seen.AddRange(
                await database.QueryAsync<long>(
                    $"select position from service.outbox where position > {seen[^1]} order by position"
                )
            );
            if (last)
            {
                return seen[1..];
            }
        }
    }
}
