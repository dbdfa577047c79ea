using System.Diagnostics;
using System.Text;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Telemetry;
using Confluent.Kafka;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.Events;

/// <summary>
/// Reads a topic as a consumer group, event by event and in order. A position is kept in Kafka after what was read has
/// been taken, so what is read twice is taken twice and nothing is left out; what cannot be read at all is logged and
/// passed over. Each event is taken in the trace that it was published in.
/// </summary>
public abstract partial class EventConsumer(
    string topic,
    IConsumer<byte[]?, byte[]> consumer,
    IServiceScopeFactory scopes,
    DatabaseReady ready,
    TimeProvider time,
    ILogger logger
) : BackgroundService
{
    private static readonly ActivitySource Source = new("ApiSvc.Events");
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <summary>Whether events of this type are taken; others are passed over in silence.</summary>
    protected abstract bool Takes(string? type);

    /// <summary>Takes an event in, in a scope of its own. Is called again when it fails.</summary>
    /// <exception cref="InvalidProtocolBufferException">It cannot be read: it is passed over.</exception>
    /// <exception cref="FormatException">It cannot be read: it is passed over.</exception>
    protected abstract Task TakeAsync(
        ConsumedEvent consumed,
        IServiceProvider services,
        CancellationToken cancellationToken
    );

    /// <inheritdoc />
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
        consumer.Subscribe(topic);
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                ConsumeNext(stoppingToken);
            }
        }
        finally
        {
            // Leaves the group: who is next does not have to wait until this session has expired.
            consumer.Close();
        }
    }

    private void ConsumeNext(CancellationToken stoppingToken)
    {
        try
        {
            var read = consumer.Consume(stoppingToken);
            if (read?.Message is { } message)
            {
                TakeUntilDoneAsync(message, stoppingToken).GetAwaiter().GetResult();
                consumer.Commit(read);
            }
        }
        catch (KafkaException e) when (!e.Error.IsFatal)
        {
            // Among others: the topic is not there before its first event.
            Log.NotConsumed(logger, e.Error.Reason, Pause);
            Task.Delay(Pause, time, stoppingToken).GetAwaiter().GetResult();
        }
    }

    private async Task TakeUntilDoneAsync(
        Message<byte[]?, byte[]> message,
        CancellationToken stoppingToken
    )
    {
        var consumed = new ConsumedEvent(TypeOf(message), message.Value);
        if (!Takes(consumed.Type))
        {
            return;
        }

        using var activity = Start(message, consumed.Type);
        while (true)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await TakeAsync(consumed, scope.ServiceProvider, stoppingToken);
                return;
            }
            catch (Exception e) when (e is InvalidProtocolBufferException or FormatException)
            {
                activity?.SetStatus(ActivityStatusCode.Error, "It cannot be read.");
                Log.PassedOver(logger, e, topic);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                activity?.AddException(e);
                Log.NotTaken(logger, e, topic, Pause);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    // OpenTelemetry's conventions for messaging: a span of kind consumer, named "process" and the topic.
    private Activity? Start(Message<byte[]?, byte[]> message, string? type)
    {
        var parent = KafkaTraceContext.Extract(
            message.Headers?.Select(h => (h.Key, (byte[]?)h.GetValueBytes())) ?? []
        );
        var activity = Source.StartActivity($"process {topic}", ActivityKind.Consumer, parent);
        activity?.SetTag("messaging.system", "kafka");
        activity?.SetTag("messaging.operation.type", "process");
        activity?.SetTag("messaging.destination.name", topic);
        activity?.SetTag("cloudevents.event_type", type);
        return activity;
    }

    private static string? TypeOf(Message<byte[]?, byte[]> message) =>
        message.Headers is { } headers && headers.TryGetLastBytes("ce_type", out var type)
            ? Encoding.UTF8.GetString(type)
            : null;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Kafka: {Reason}; next try in {Pause}")]
        public static partial void NotConsumed(ILogger logger, string reason, TimeSpan pause);

        [LoggerMessage(LogLevel.Error, "An event of {Topic} cannot be read; it is passed over")]
        public static partial void PassedOver(ILogger logger, Exception exception, string topic);

        [LoggerMessage(LogLevel.Error, "An event of {Topic} was not taken in; next try in {Pause}")]
        public static partial void NotTaken(
            ILogger logger,
            Exception exception,
            string topic,
            TimeSpan pause
        );
    }
}
