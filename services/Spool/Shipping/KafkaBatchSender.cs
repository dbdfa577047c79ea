using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Spool.Shipping;

/// <summary>
/// Sends to Kafka with CloudEvents attributes in headers (Kafka protocol binding 1.0.2 section 3.2). A producer that
/// failed for good is replaced.
/// </summary>
internal sealed partial class KafkaBatchSender(
    ProducerConfig config,
    string topic,
    BatchMessage message,
    TimeProvider time,
    ILogger<KafkaBatchSender> logger
) : IBatchSender, IDisposable
{
    private const int MessageTimeout = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(MessageTimeout * 2);

    private readonly Lock _gate = new();
    private IProducer<byte[], byte[]>? _producer;

    /// <summary>What the shipper's promises need of the producer.</summary>
    public static void Configure(ProducerConfig config)
    {
        config.Acks = Acks.All;
        config.EnableIdempotence = true;
        config.CompressionType = CompressionType.Lz4;
        // A batch is made before it is sent: there is nothing to wait for.
        config.LingerMs = 0;
        config.MessageTimeoutMs = MessageTimeout;
        config.ReconnectBackoffMaxMs = 1_000;
        config.SocketNagleDisable = true;
    }

    public async Task<SendOutcome> SendAsync(Batch batch, CancellationToken cancellationToken)
    {
        var producer = Producer();
        try
        {
            await producer
                .ProduceAsync(topic, ToKafka(batch), cancellationToken)
                .WaitAsync(Patience, time, cancellationToken);
            return SendOutcome.Acknowledged;
        }
        catch (TimeoutException)
        {
            // A producer that is replaced tells nothing of what another lane had given it.
            return new(SendStatus.Unavailable, "The producer does not say what became of it.");
        }
        catch (KafkaException failure)
        {
            if (failure.Error.IsFatal)
            {
                Replace(producer);
            }

            return new(
                IsTooLarge(failure.Error.Code) ? SendStatus.TooLarge : SendStatus.Unavailable,
                $"{failure.Error.Code}: {failure.Error.Reason}"
            );
        }
        catch (ObjectDisposedException)
        {
            return new(SendStatus.Unavailable, "The producer was replaced.");
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _producer?.Dispose();
            _producer = null;
        }
    }

    private Message<byte[], byte[]> ToKafka(Batch batch)
    {
        var now = time.GetUtcNow();
        var headers = new Headers();
        Add("ce_specversion", "1.0");
        Add("ce_id", batch.Id);
        Add("ce_type", message.Type);
        Add("ce_source", message.Source);
        Add(
            "ce_time",
            now.UtcDateTime.ToString(
                "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
                CultureInfo.InvariantCulture
            )
        );
        Add("content-type", "application/protobuf");
        return new()
        {
            // Batches of a lane stay in their order.
            Key = Encoding.ASCII.GetBytes(batch.Lane.ToString(CultureInfo.InvariantCulture)),
            Value = batch.Value,
            Timestamp = new Timestamp(now),
            Headers = headers,
        };

        void Add(string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));
    }

    private IProducer<byte[], byte[]> Producer()
    {
        lock (_gate)
        {
            return _producer ??= new ProducerBuilder<byte[], byte[]>(config)
                .SetLogHandler((_, line) => Note(line))
                .SetErrorHandler((_, error) => Log.Told(logger, error.Reason))
                .Build();
        }
    }

    private void Replace(IProducer<byte[], byte[]> failed)
    {
        lock (_gate)
        {
            if (_producer == failed)
            {
                _producer = null;
                failed.Dispose();
            }
        }
    }

    private void Note(LogMessage line)
    {
        var level = (LogLevel)line.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        // What it says of lost connections the shipper tells once, as what became of a batch.
        Log.Line(logger, level > LogLevel.Information ? LogLevel.Debug : level, line.Message);
    }

    private static bool IsTooLarge(ErrorCode code) =>
        code
            is ErrorCode.MsgSizeTooLarge
                or ErrorCode.InvalidMsgSize
                or ErrorCode.RecordListTooLarge;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "Kafka: {Reason}")]
        public static partial void Told(ILogger logger, string reason);

        [LoggerMessage(Message = "Kafka: {Line}")]
        public static partial void Line(ILogger logger, LogLevel level, string line);
    }
}
