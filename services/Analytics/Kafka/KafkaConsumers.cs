using ApiSvc.ServiceDefaults.Data;
using Confluent.Kafka;

namespace ApiSvc.Analytics.Kafka;

/// <summary>
/// Makes consumers for the connection string <c>kafka</c>: this service has several, of different groups, where a host has
/// one of a kind.
/// </summary>
internal sealed partial class KafkaConsumers(
    IConfiguration configuration,
    ILogger<KafkaConsumers> logger
)
{
    public ConsumerBuilder<TKey, TValue> Builder<TKey, TValue>(
        string group,
        Action<ConsumerConfig>? configure = null
    )
    {
        var config = new ConsumerConfig
        {
            BootstrapServers =
                configuration.GetConnectionString(ServiceDatabaseExtensions.KafkaConnection)
                ?? throw new InvalidOperationException(
                    "ConnectionStrings:kafka is not set: calls and events come from there."
                ),
            GroupId = group,
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            AllowAutoCreateTopics = true,
        };
        configure?.Invoke(config);
        return new ConsumerBuilder<TKey, TValue>(config)
            .SetLogHandler((_, message) => Log.Said(logger, message.Message))
            .SetErrorHandler((_, error) => Log.Failed(logger, error.Reason));
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Kafka's client: {Message}")]
        public static partial void Said(ILogger logger, string message);

        [LoggerMessage(LogLevel.Warning, "Kafka: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
