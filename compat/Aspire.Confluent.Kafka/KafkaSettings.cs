using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>What producers and consumers have in common.</summary>
internal static class KafkaSettings
{
    /// <summary>Binds the section, then the section of the name.</summary>
    /// <returns>The connection string that goes before that of the settings, if there is one.</returns>
    public static string? Bind(
        IHostApplicationBuilder builder,
        string section,
        string name,
        object settings,
        ClientConfig config
    )
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (var path in new[] { section, $"{section}:{name}" })
        {
            builder.Configuration.GetSection(path).Bind(settings);

            // The binder does not fill a property without a setter whose type enumerates.
            builder.Configuration.GetSection($"{path}:Config").Bind(config);
        }

        return builder.Configuration.GetConnectionString(name);
    }

    /// <exception cref="InvalidOperationException">It is not said where the brokers are.</exception>
    public static void RequireServers(ClientConfig config, string section, string name)
    {
        if (string.IsNullOrEmpty(config.BootstrapServers))
        {
            throw new InvalidOperationException(
                $"No brokers are given. They should be provided in 'ConnectionStrings:{name}', '{section}:ConnectionString' or '{section}:Config:BootstrapServers'."
            );
        }
    }

    public static void Log(ILogger logger, LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        if (logger.IsEnabled(level))
        {
            logger.Log(level, "{Facility} {Message}", message.Facility, message.Message);
        }
    }
}
