using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Leadership;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Outbox;

/// <summary>
/// Publishes committed events in commit order, each at least once. Events with the same topic and key are never on
/// the way together, so one that is late cannot be overtaken by its successor.
/// </summary>
internal sealed partial class OutboxRelay(
    NpgsqlDataSource dataSource,
    LeaderElection election,
    IEventPublisher publisher,
    OutboxMetrics metrics,
    IOptions<OutboxOptions> _options,
    TimeProvider time,
    ILogger<OutboxRelay> logger
) : LeaderService("outbox-relay", election)
{
    private const int DeleteAtOnce = 1_000;
    private static readonly TimeSpan CleanupInterval = TimeSpan.FromMinutes(1);

    private readonly OutboxOptions _options = _options.Value;

    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        var store = new OutboxStore(leader);
        var backoff = new Backoff(TimeSpan.FromMilliseconds(100), _options.LongestPause);
        var cleanup = DateTimeOffset.MinValue;
        await using var listener = new OutboxListener(dataSource, time, logger);
        try
        {
            await listener.ListenAsync(cancellationToken);
            while (true)
            {
                var batch = await store.ReadWaitingAsync(_options.BatchSize, cancellationToken);
                // Before too: a receiver that is away lets a try take long.
                metrics.Backlog(await store.MeasureAsync(cancellationToken));
                var settled = await PublishAsync(store, batch, cancellationToken);
                metrics.Backlog(await store.MeasureAsync(cancellationToken));
                if (time.GetUtcNow() - cleanup > CleanupInterval)
                {
                    cleanup = time.GetUtcNow();
                    await CleanUpAsync(store, cancellationToken);
                }

                if (!settled)
                {
                    await Task.Delay(backoff.Next(), time, cancellationToken);
                    continue;
                }

                backoff.Reset();
                if (batch.Count < _options.BatchSize)
                {
                    await listener.WaitAsync(_options.PollInterval, cancellationToken);
                }
            }
        }
        finally
        {
            metrics.Backlog(null);
        }
    }

    // Returns whether everything was settled; if not, what follows waits for the next try.
    private async Task<bool> PublishAsync(
        OutboxStore store,
        List<OutboxMessage> batch,
        CancellationToken cancellationToken
    )
    {
        foreach (var wave in OutboxWaves.Split(batch))
        {
            var outcomes = await publisher.PublishAsync(wave, cancellationToken);
            var marks = wave.Zip(outcomes, (m, o) => new OutboxMark(m.Position, o)).ToList();
            await store.MarkAsync(marks, time.GetUtcNow(), cancellationToken);
            Report(wave, outcomes);
            if (outcomes.Any(o => o.Status == PublishStatus.Unavailable))
            {
                return false;
            }
        }

        return true;
    }

    private void Report(IReadOnlyList<OutboxMessage> wave, IReadOnlyList<PublishOutcome> outcomes)
    {
        string? unavailable = null;
        foreach (var (message, outcome) in wave.Zip(outcomes))
        {
            metrics.Count(outcome.Status);
            if (outcome.Status == PublishStatus.Rejected)
            {
                Log.Rejected(
                    logger,
                    message.Position,
                    message.Type,
                    message.Topic,
                    message.Payload.Length,
                    outcome.Reason
                );
            }
            else if (outcome.Status == PublishStatus.Unavailable)
            {
                unavailable ??= $"{message.Position} to {message.Topic}: {outcome.Reason}";
            }
        }

        if (unavailable is not null)
        {
            Log.Unavailable(logger, unavailable);
        }
    }

    private async Task CleanUpAsync(OutboxStore store, CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - _options.Retention;
        while (
            await store.DeletePublishedAsync(before, DeleteAtOnce, cancellationToken)
            == DeleteAtOnce
        )
        {
            // In parts, so that the heartbeat gets its turn.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Event {Position} ({Type} for {Topic}, {Bytes} bytes) can never be published and is kept as failed: {Reason}"
        )]
        public static partial void Rejected(
            ILogger logger,
            long position,
            string type,
            string topic,
            int bytes,
            string? reason
        );

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Events wait in the outbox; the first that was not taken is {Reason}"
        )]
        public static partial void Unavailable(ILogger logger, string reason);
    }
}
