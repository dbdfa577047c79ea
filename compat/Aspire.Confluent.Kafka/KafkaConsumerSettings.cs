using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>A Kafka consumer, as configuration section <c>Aspire:Confluent:Kafka:Consumer</c> says.</summary>
public sealed class KafkaConsumerSettings
{
    /// <summary>The brokers; <c>ConnectionStrings:{name}</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The client's own settings, section <c>Config</c>, the group among them.</summary>
    public ConsumerConfig Config { get; } = new();

    /// <summary>Whether there is no health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether messages are not traced. Set it where the application does so itself.</summary>
    public bool DisableTracing { get; set; }
}
