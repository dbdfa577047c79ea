using System.Text;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Data;
using Confluent.Kafka;
using Google.Protobuf;

namespace ApiSvc.Identity.Applications;

/// <summary>
/// Reads <c>apisvc.catalog</c>. A position is kept in Kafka after what was read is in the database, so what is read
/// twice is taken twice and nothing is left out; what cannot be read at all is logged and passed over.
/// </summary>
internal sealed partial class CatalogEventConsumer(
    IConsumer<byte[]?, byte[]> consumer,
    IServiceScopeFactory scopes,
    DatabaseReady ready,
    TimeProvider time,
    ILogger<CatalogEventConsumer> logger
) : BackgroundService
{
    public const string Topic = "apisvc.catalog";
    public const string Group = "identity";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        // Reading blocks its thread.
        await Task
            .Factory.StartNew(
                () => ConsumeAsync(stoppingToken),
                stoppingToken,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default
            )
            .Unwrap();
    }

    private async Task ConsumeAsync(CancellationToken stoppingToken)
    {
        consumer.Subscribe(Topic);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var read = consumer.Consume(stoppingToken);
                if (read?.Message is { } message)
                {
                    await TakeUntilDoneAsync(message, stoppingToken);
                    consumer.Commit(read);
                }
            }
            catch (KafkaException e) when (!e.Error.IsFatal)
            {
                // Among others: the topic is not there before its first event.
                Log.NotConsumed(logger, e.Error.Reason, Pause);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task TakeUntilDoneAsync(
        Message<byte[]?, byte[]> message,
        CancellationToken stoppingToken
    )
    {
        if (TypeOf(message) != ApplicationChanged.Descriptor.FullName)
        {
            return;
        }

        while (true)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await scope
                    .ServiceProvider.GetRequiredService<ApplicationEvents>()
                    .TakeAsync(ApplicationChanged.Parser.ParseFrom(message.Value), stoppingToken);
                return;
            }
            catch (Exception e) when (e is InvalidProtocolBufferException or FormatException)
            {
                Log.PassedOver(logger, e);
                return;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotTaken(logger, e, Pause);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private static string? TypeOf(Message<byte[]?, byte[]> message) =>
        message.Headers is { } headers && headers.TryGetLastBytes("ce_type", out var type)
            ? Encoding.UTF8.GetString(type)
            : null;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Kafka: {Reason}; next try in {Pause}")]
        public static partial void NotConsumed(ILogger logger, string reason, TimeSpan pause);

        [LoggerMessage(LogLevel.Error, "An event of the catalog cannot be read; it is passed over")]
        public static partial void PassedOver(ILogger logger, Exception exception);

        [LoggerMessage(
            LogLevel.Error,
            "An event of the catalog was not taken in; next try in {Pause}"
        )]
        public static partial void NotTaken(ILogger logger, Exception exception, TimeSpan pause);
    }
}
