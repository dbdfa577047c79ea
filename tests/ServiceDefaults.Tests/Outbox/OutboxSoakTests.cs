using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.ServiceDefaults.Tests.Data;
using ApiSvc.Testing;

namespace ApiSvc.ServiceDefaults.Tests.Outbox;

/// <summary>Writers commit without a pause while the leading relay loses its session again and again.</summary>
public sealed class OutboxSoakTests
{
    private const int Writers = 4;

    // How far the writers run ahead of the relay at most.
    private const int Ahead = 500;

    [Fact]
    public Task Relay_LeadersDieUnderLoad_LosesNothing() => SoakAsync(TimeSpan.FromSeconds(3));

    [Fact]
    [Trait("Long", "outbox")]
    public Task Relay_LeadersDieForMinutes_LosesNothing() => SoakAsync(TimeSpan.FromMinutes(2));

    private static async Task SoakAsync(TimeSpan length)
    {
        await using var database = await TestDatabase.CreateAsync();
        var publisher = new RecordingPublisher();
        await using var a = await TestService.StartAsync(database.ConnectionString, publisher);
        await using var b = await TestService.StartAsync(database.ConnectionString, publisher);
        using var end = new CancellationTokenSource(length);

        var writing = Enumerable
            .Range(0, Writers)
            .Select(w => WriteAsync(database, publisher, w, end.Token));
        var killing = KillAsync(database, publisher, end.Token);
        var written = (await Task.WhenAll(writing)).Sum();
        var deaths = await killing;

        await Eventually.HoldsAsync(
            async () =>
                await database.ScalarAsync<long>(
                    "select count(*) from service.outbox where published_at is null"
                ) == 0,
            $"all {written} events are published"
        );
        deaths.ShouldBeGreaterThan(0);
        publisher.Acknowledged.Select(m => m.Id).Distinct().Count().ShouldBe(written);
        foreach (var key in publisher.Acknowledged.GroupBy(m => m.Key))
        {
            // Repeats apart, in the order of their commits.
            key.Select(m => m.Position).Distinct().ShouldBeInOrder();
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{written} events, {deaths} deaths, {publisher.Count - written} repeats"
        );
    }

    private static async Task<int> WriteAsync(
        TestDatabase database,
        RecordingPublisher publisher,
        int writer,
        CancellationToken end
    )
    {
        var written = 0;
        while (!end.IsCancellationRequested)
        {
            await using var work = database.Begin();
            work.AddEvent(UnitOfWorkTests.Event($"{writer}-{written}", $"writer-{writer}"));
            await work.CommitAsync(CancellationToken.None);
            written++;
            await Eventually.HoldsAsync(
                () => (written * Writers) - publisher.Count < Ahead,
                "the relay keeps up"
            );
        }

        return written;
    }

    // Each death comes once something new was published, so that the relay is at work when it is hit.
    private static async Task<int> KillAsync(
        TestDatabase database,
        RecordingPublisher publisher,
        CancellationToken end
    )
    {
        var deaths = 0;
        while (!end.IsCancellationRequested)
        {
            var before = publisher.Count;
            await Eventually.HoldsAsync(
                () => publisher.Count > before || end.IsCancellationRequested,
                "a relay goes on"
            );
            deaths += await database.TerminateLeaderAsync("outbox-relay");
        }

        return deaths;
    }
}
