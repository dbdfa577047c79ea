using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.ServiceDefaults.Tests.Data;
using ApiSvc.Testing;
using Microsoft.Extensions.Configuration;

namespace ApiSvc.ServiceDefaults.Tests.Outbox;

public sealed class OutboxRelayTests
{
    private static readonly PublishOutcome Away = new(PublishStatus.Unavailable, "away");

    [Fact]
    public async Task Relay_EventCommitted_IsWokenAndPublishesWithWhatItTells()
    {
        await using var database = await TestDatabase.CreateAsync();
        var publisher = new RecordingPublisher();
        await using var service = await TestService.StartAsync(
            database.ConnectionString,
            publisher
        );
        await CommitAsync(database, UnitOfWorkTests.Event("before"));
        await Eventually.HoldsAsync(() => publisher.Acknowledged.Count == 1, "the first event");

        using var activity = new Activity("test").SetIdFormat(ActivityIdFormat.W3C).Start();
        activity.TraceStateString = "vendor=1";
        await CommitAsync(database, UnitOfWorkTests.Event("woken", "key"));
        await Eventually.HoldsAsync(() => publisher.Acknowledged.Count == 2, "the second event");

        var message = publisher.Acknowledged[1];
        message.Position.ShouldBe(2);
        message.Id.Version.ShouldBe(7);
        message.Topic.ShouldBe("apisvc.tests");
        message.Key.ShouldBe("key");
        message.Type.ShouldBe("apisvc.tests.v1.Happened");
        message.Source.ShouldBe("/apisvc/tests");
        message.ContentType.ShouldBe("application/protobuf");
        Encoding.UTF8.GetString(message.Payload).ShouldBe("woken");
        message.TraceParent.ShouldBe(activity.Id);
        message.TraceState.ShouldBe("vendor=1");
        await PublishedAsync(database, 2);
    }

    [Fact]
    public async Task Relay_HearsNoNotifications_Polls()
    {
        await using var database = await TestDatabase.CreateAsync();
        var publisher = new RecordingPublisher();
        await using var service = await TestService.StartAsync(
            database.ConnectionString,
            publisher,
            b => b.Configuration["Outbox:PollInterval"] = "00:00:00.200"
        );
        await CommitAsync(database, UnitOfWorkTests.Event("heard"));
        await Eventually.HoldsAsync(() => publisher.Acknowledged.Count == 1, "the first event");
        await Eventually.HoldsAsync(
            async () =>
                await database.ScalarAsync<long>(
                    """
                    select count(pg_terminate_backend(pid)) from pg_stat_activity
                    where datname = current_database() and query like 'listen%'
                    """
                ) == 1,
            "the listening session is ended"
        );

        await CommitAsync(database, UnitOfWorkTests.Event("found"));

        await Eventually.HoldsAsync(() => publisher.Acknowledged.Count == 2, "the second event");
    }

    [Fact]
    public async Task Relay_LeaderDiesBetweenPublishAndMark_RepeatsWithTheSameIdAndLosesNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        for (var i = 1; i <= 5; i++)
        {
            await CommitAsync(database, UnitOfWorkTests.Event($"{i}", "same"));
        }

        var deaths = 0;
        var publisher = new RecordingPublisher(async message =>
        {
            // The receiver has it; the session that would mark it ends at exactly this point.
            if (message.Position is 2 or 4 && Interlocked.Increment(ref deaths) <= 2)
            {
                (await database.TerminateLeaderAsync("outbox-relay")).ShouldBe(1);
            }

            return PublishOutcome.Acknowledged;
        });
        await using var a = await TestService.StartAsync(database.ConnectionString, publisher);
        await using var b = await TestService.StartAsync(database.ConnectionString, publisher);
        await PublishedAsync(database, 5);

        var positions = publisher.Acknowledged.Select(m => m.Position).ToList();
        positions.Count.ShouldBeGreaterThan(5);
        positions.Distinct().ShouldBe([1, 2, 3, 4, 5]);
        publisher
            .Acknowledged.GroupBy(m => m.Position)
            .ShouldAllBe(repeats => repeats.Select(m => m.Id).Distinct().Count() == 1);
    }

    [Fact]
    public async Task Relay_ReceiverAway_KeepsOrderOfEachKeyAndLosesNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        var tries = 0;
        // Fails every third try, in the middle of batches too.
        var publisher = new RecordingPublisher(_ =>
            Task.FromResult(++tries < 10 || tries % 3 == 0 ? Away : PublishOutcome.Acknowledged)
        );
        await using var service = await TestService.StartAsync(
            database.ConnectionString,
            publisher
        );
        for (var i = 0; i < 30; i++)
        {
            await CommitAsync(database, UnitOfWorkTests.Event($"{i}", $"key{i % 3}"));
        }

        await PublishedAsync(database, 30);

        publisher.Acknowledged.Count.ShouldBe(30);
        foreach (var key in publisher.Acknowledged.GroupBy(m => m.Key))
        {
            key.Select(m => m.Position).ShouldBeInOrder();
            key.Count().ShouldBe(10);
        }
    }

    [Fact]
    public async Task Relay_EventRejected_IsKeptAsFailedAndTheRestGoesOn()
    {
        await using var database = await TestDatabase.CreateAsync();
        var publisher = new RecordingPublisher(m =>
            Task.FromResult(
                m.Position == 2
                    ? new PublishOutcome(PublishStatus.Rejected, "too large")
                    : PublishOutcome.Acknowledged
            )
        );
        for (var i = 1; i <= 4; i++)
        {
            await CommitAsync(database, UnitOfWorkTests.Event($"{i}", "same"));
        }

        using var failed = new Gauge("apisvc.outbox.failed");
        await using var service = await TestService.StartAsync(
            database.ConnectionString,
            publisher
        );
        await PublishedAsync(database, 3);

        publisher.Acknowledged.Select(m => m.Position).ShouldBe([1, 3, 4]);
        var kept = await database.QueryAsync<(long, string)>(
            "select position, failure from service.outbox where failed_at is not null"
        );
        kept.ShouldBe([(2, "too large")]);
        await Eventually.HoldsAsync(
            () => failed.Observe().Contains(1),
            "the gauge shows the failed event"
        );
    }

    [Fact]
    public async Task Relay_ReceiverAway_MeasuresBacklog()
    {
        await using var database = await TestDatabase.CreateAsync();
        for (var i = 0; i < 7; i++)
        {
            await CommitAsync(database, UnitOfWorkTests.Event($"{i}"));
        }

        using var backlog = new Gauge("apisvc.outbox.backlog");
        await using var service = await TestService.StartAsync(
            database.ConnectionString,
            new RecordingPublisher(_ => Task.FromResult(Away))
        );

        await Eventually.HoldsAsync(
            () => backlog.Observe().Contains(7),
            "the gauge shows the backlog"
        );
    }

    [Fact]
    public async Task Relay_PublishedBeforeRetention_IsDeletedAndTheRestIsNot()
    {
        await using var database = await TestDatabase.CreateAsync();
        for (var i = 1; i <= 3; i++)
        {
            await CommitAsync(database, UnitOfWorkTests.Event($"{i}"));
        }

        await database.ExecuteAsync(
            """
            update service.outbox set published_at = now() - interval '2 days' where position = 1;
            update service.outbox set published_at = now() where position = 2;
            update service.outbox set failed_at = now() - interval '2 days', failure = 'x' where position = 3;
            """
        );
        await using var service = await TestService.StartAsync(
            database.ConnectionString,
            configure: b =>
                b.Configuration.AddInMemoryCollection([new("Outbox:Retention", "1.00:00:00")])
        );

        await Eventually.HoldsAsync(
            async () =>
                await database.ScalarAsync<long>("select min(position) from service.outbox") == 2,
            "the oldest is deleted"
        );
        (await database.ScalarAsync<long>("select count(*) from service.outbox")).ShouldBe(2);
    }

    private static async Task CommitAsync(TestDatabase database, OutboxEvent outboxEvent)
    {
        await using var work = database.Begin();
        work.AddEvent(outboxEvent);
        await work.CommitAsync();
    }

    private static Task PublishedAsync(TestDatabase database, int events) =>
        Eventually.HoldsAsync(
            async () =>
                await database.ScalarAsync<long>(
                    "select count(*) from service.outbox where published_at is not null"
                ) == events,
            $"{events} events are marked as published"
        );

    // Other tests' services have gauges of the same name: what matters is that the value is among them.
    private sealed class Gauge : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<long> _values = [];

        public Gauge(string name)
        {
            _listener.InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == ServiceMeter.Name && instrument.Name == name)
                {
                    l.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, value, _, _) => _values.Add(value));
            _listener.Start();
        }

        public List<long> Observe()
        {
            _values.Clear();
            _listener.RecordObservableInstruments();
            return _values;
        }

        public void Dispose() => _listener.Dispose();
    }
}
