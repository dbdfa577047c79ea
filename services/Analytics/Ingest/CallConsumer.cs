using System.Diagnostics;
using ApiSvc.Analytics.Records;
using ApiSvc.ServiceDefaults.Data;
using Confluent.Kafka;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Analytics.Ingest;

/// <summary>
/// Reads the topic of calls and has it taken in, batch by batch: while one is written the next is read and parsed. The
/// consumer group shares the partitions among instances; where to go on is asked of the database. After any failure what
/// was read is dropped and read again from there.
/// </summary>
internal sealed partial class CallConsumer(
    CallTopic topic,
    BatchParser parser,
    CarefulWriter writer,
    PositionBook positions,
    IngestMetrics metrics,
    DatabaseReady ready,
    IOptions<IngestOptions> options,
    TimeProvider time,
    ILogger<CallConsumer> logger
) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan KafkaPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly Dictionary<int, long> _next = [];
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(200), LongestPause);
    private bool _astray;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        // Reading blocks its thread, which is therefore its own from first to last: what is awaited in between would go on
        // in a thread of the pool, and block that.
        await Task.Factory.StartNew(
            () => Consume(stoppingToken),
            stoppingToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );
    }

    private void Consume(CancellationToken stoppingToken)
    {
        using var consumer = topic.Open(Assigned, Revoked);
        var writing = Task.CompletedTask;
        try
        {
            consumer.Subscribe(options.Value.Topic);
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    if (_astray)
                    {
                        ReturnAsync(consumer, stoppingToken).GetAwaiter().GetResult();
                    }

                    var batch = Collect(consumer, writing, stoppingToken);
                    writing.GetAwaiter().GetResult();
                    if (batch.Count > 0)
                    {
                        writing = Task.Run(
                            () => WriteAsync(batch, stoppingToken),
                            CancellationToken.None
                        );
                    }
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    // Where to go on is known only after what is under way has ended.
                    End(writing);
                    writing = Task.CompletedTask;
                    RecoverAsync(e, stoppingToken).GetAwaiter().GetResult();
                }
            }
        }
        finally
        {
            End(writing);
            consumer.Close();
        }
    }

    /// <summary>Waits until a batch is written or has failed.</summary>
    private static void End(Task writing) =>
        writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();

    /// <summary>Reads until a batch is full or has waited long enough.</summary>
    private List<CallMessage> Collect(
        IConsumer<Ignore, byte[]> consumer,
        Task writing,
        CancellationToken stoppingToken
    )
    {
        var batch = new List<CallMessage>();
        var calls = 0;
        var begun = 0L;
        while (!stoppingToken.IsCancellationRequested && !writing.IsFaulted && !_astray)
        {
            var read = consumer.Consume(Poll);
            if (
                read?.Message is not null
                && _next.TryGetValue(read.Partition.Value, out var before)
            )
            {
                var message = parser.Parse(
                    read.Partition.Value,
                    before,
                    read.Offset.Value + 1,
                    read.Message.Value ?? []
                );
                _next[read.Partition.Value] = message.After;
                begun = batch.Count == 0 ? Stopwatch.GetTimestamp() : begun;
                batch.Add(message);
                calls += Math.Max(1, message.Count);
            }

            // While the one before is still being written, waiting costs nothing and saves a transaction.
            var isDue =
                batch.Count > 0
                && Stopwatch.GetElapsedTime(begun) >= options.Value.Linger
                && writing.IsCompleted;
            if (calls >= options.Value.BatchCalls || isDue || (batch.Count == 0 && read is null))
            {
                break;
            }
        }

        // What was read before a partition went away belongs to whoever has it now.
        return _astray ? [] : [.. batch.Where(m => _next.ContainsKey(m.Partition))];
    }

    private async Task WriteAsync(List<CallMessage> batch, CancellationToken stoppingToken)
    {
        await writer.WriteAsync(batch, stoppingToken);
        _backoff.Reset();
    }

    private async Task RecoverAsync(Exception failure, CancellationToken stoppingToken)
    {
        _astray = true;
        if (failure is PositionLostException)
        {
            Log.TakenOver(logger);
            return;
        }

        var pause = KafkaPause;
        if (failure is KafkaException kafka)
        {
            // Among others: the topic is not there before its first message.
            Log.NotRead(logger, kafka.Error.Reason, pause);
        }
        else
        {
            pause = _backoff.Next();
            metrics.Failed();
            Log.Failed(logger, failure, pause);
        }

        await Task.Delay(pause, time, stoppingToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Goes on where the database says.</summary>
    private async Task ReturnAsync(
        IConsumer<Ignore, byte[]> consumer,
        CancellationToken stoppingToken
    )
    {
        var assigned = consumer.Assignment.ConvertAll(p => p.Partition.Value);
        var stored = await positions.ReadAsync(assigned, stoppingToken);
        _next.Clear();
        foreach (var (partition, position) in stored)
        {
            _next[partition] = position;
        }

        if (stored.Count > 0)
        {
            consumer.Assign(
                stored.Select(s => new TopicPartitionOffset(options.Value.Topic, s.Key, s.Value))
            );
        }

        _astray = false;
    }

    // Called from within Consume, on its thread, which may wait for the database here.
    private IEnumerable<TopicPartitionOffset> Assigned(
        IConsumer<Ignore, byte[]> consumer,
        List<TopicPartition> partitions
    )
    {
        _next.Clear();
        try
        {
            var stored = positions
                .ReadAsync([.. partitions.Select(p => p.Partition.Value)], CancellationToken.None)
                .GetAwaiter()
                .GetResult();
            foreach (var (partition, position) in stored)
            {
                _next[partition] = position;
            }
        }
        catch (NpgsqlException e)
        {
            // They are asked for again before anything is read.
            Log.PositionsUnknown(logger, e);
            _astray = true;
        }

        Log.Assigned(logger, string.Join(", ", partitions.Select(p => p.Partition.Value)));
        return partitions.ConvertAll(p => new TopicPartitionOffset(
            p,
            _next.TryGetValue(p.Partition.Value, out var position) ? position : Offset.End
        ));
    }

    private void Revoked(IConsumer<Ignore, byte[]> consumer, List<TopicPartitionOffset> partitions)
    {
        Log.Revoked(logger, string.Join(", ", partitions.Select(p => p.Partition.Value)));
        foreach (var gone in partitions)
        {
            _next.Remove(gone.Partition.Value);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Takes in calls of partitions {Partitions}")]
        public static partial void Assigned(ILogger logger, string partitions);

        [LoggerMessage(
            LogLevel.Information,
            "Takes in no calls of partitions {Partitions} any more"
        )]
        public static partial void Revoked(ILogger logger, string partitions);

        [LoggerMessage(LogLevel.Warning, "The positions of partitions could not be read")]
        public static partial void PositionsUnknown(ILogger logger, Exception exception);

        [LoggerMessage(
            LogLevel.Information,
            "Another instance took over a partition; what this one read of it is dropped"
        )]
        public static partial void TakenOver(ILogger logger);

        [LoggerMessage(LogLevel.Warning, "Kafka: {Reason}; next try in {Pause}")]
        public static partial void NotRead(ILogger logger, string reason, TimeSpan pause);

        [LoggerMessage(LogLevel.Error, "A batch of calls was not taken in; next try in {Pause}")]
        public static partial void Failed(ILogger logger, Exception exception, TimeSpan pause);
    }
}
