using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>A Kafka producer, as configuration section <c>Aspire:Confluent:Kafka:Producer</c> says.</summary>
public sealed class KafkaProducerSettings
{
    /// <summary>The brokers; <c>ConnectionStrings:{name}</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The client's own settings, section <c>Config</c>.</summary>
    public ProducerConfig Config { get; } = new();

    /// <summary>Whether there is no health check.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Whether messages are not traced. Set it where the application does so itself.</summary>
    public bool DisableTracing { get; set; }
}
