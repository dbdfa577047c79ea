using ApiSvc.ServiceDefaults.Leadership;
using ApiSvc.ServiceDefaults.Tests.Data;
using ApiSvc.Testing;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ApiSvc.ServiceDefaults.Tests.Leadership;

public sealed class LeaderServiceTests
{
    [Fact]
    public async Task ExecuteAsync_ConnectionsEnd_TheJobGoesOn()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var terms = new Terms();
        await using var a = await StartAsync(database, terms, "a");
        await using var b = await StartAsync(database, terms, "b");
        await using var c = await StartAsync(database, terms, "c");

        for (var turn = 1; turn <= 5; turn++)
        {
            await Eventually.HoldsAsync(
                () => terms.Begun >= turn && terms.Now is not null,
                "a leader"
            );
            (await database.TerminateLeaderAsync(Job.Name)).ShouldBe(1);
            await Eventually.HoldsAsync(() => terms.Begun > turn, "another term");
        }
    }

    [Fact]
    public async Task ExecuteAsync_LeaderLosesItsConnection_StopsAndCannotWriteWhileAnotherLeads()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var terms = new Terms();
        await using var a = await StartAsync(database, terms, "a");
        await Eventually.HoldsAsync(() => terms.Now is not null, "a leader");
        var former = terms.Now!;

        (await database.TerminateLeaderAsync(Job.Name)).ShouldBe(1);
        await former.Ended.WaitAsync(TimeSpan.FromSeconds(10));

        // Not even a mapper that opens closed connections gets it to work in a session without the lock.
        await Should.ThrowAsync<Exception>(() =>
            former.Connection.RunAsync(db => db.ExecuteAsync("select 1"), CancellationToken.None)
        );
        await using var b = await StartAsync(database, terms, "b");
        await Eventually.HoldsAsync(() => terms.Now is { } now && now != former, "another leader");
    }

    [Fact]
    public async Task StopAsync_Leader_NextLeadsAndNeverTwoAtOnce()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var terms = new Terms();
        await using var a = await StartAsync(database, terms, "a");
        await using var b = await StartAsync(database, terms, "b");
        await using var c = await StartAsync(database, terms, "c");
        var waiting = new Dictionary<string, TestService>
        {
            ["a"] = a,
            ["b"] = b,
            ["c"] = c,
        };

        while (waiting.Count > 0)
        {
            await Eventually.HoldsAsync(() => terms.Now is not null, "a leader");
            waiting.Remove(terms.Now!.Instance, out var leader).ShouldBeTrue();
            await leader!.StopAsync();
        }

        terms.Begun.ShouldBe(3);
        terms.Most.ShouldBe(1);
    }

    [Fact]
    public async Task ExecuteAsync_JobThrows_IsTriedAgain()
    {
        await using var database = await TestDatabase.CreateEmptyAsync();
        var terms = new Terms { Failures = 2 };
        await using var a = await StartAsync(database, terms, "a");

        await Eventually.HoldsAsync(
            () => terms.Begun == 3 && terms.Now is not null,
            "a third term"
        );
    }

    private static Task<TestService> StartAsync(
        TestDatabase database,
        Terms terms,
        string instance
    ) =>
        TestService.StartAsync(
            database.ConnectionString,
            configure: b =>
                b.Services.AddSingleton<IHostedService>(s => new Job(
                    s.GetRequiredService<LeaderElection>(),
                    terms,
                    instance
                ))
        );

    private sealed record Term(string Instance, LeaderConnection Connection, Task Ended);

    private sealed class Terms
    {
        private readonly Lock _gate = new();
        private int _running;

        public Term? Now { get; private set; }
        public int Begun { get; private set; }
        public int Most { get; private set; }
        public int Failures { get; init; }

        public void Begin(Term term)
        {
            lock (_gate)
            {
                Begun++;
                if (Begun <= Failures)
                {
                    throw new InvalidOperationException("as asked");
                }

                Most = Math.Max(Most, ++_running);
                Now = term;
            }
        }

        public void End(Term term)
        {
            lock (_gate)
            {
                _running--;
                Now = Now == term ? null : Now;
            }
        }
    }

    private sealed class Job(LeaderElection election, Terms terms, string instance)
        : LeaderService(Name, election)
    {
        public const string Name = "test-job";

        protected override async Task ExecuteAsLeaderAsync(
            LeaderConnection leader,
            CancellationToken cancellationToken
        )
        {
            var ended = new TaskCompletionSource();
            var term = new Term(instance, leader, ended.Task);
            terms.Begin(term);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                terms.End(term);
                ended.SetResult();
            }
        }
    }
}
