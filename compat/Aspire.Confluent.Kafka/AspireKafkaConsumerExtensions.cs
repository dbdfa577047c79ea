using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.Hosting;

/// <summary>Kafka consumers in a host.</summary>
public static class AspireKafkaConsumerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Consumer";
    private const string Check = "Aspire.Confluent.Kafka.Consumer";

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> with its health check.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName
    ) => Add<TKey, TValue>(builder, connectionName, null, null);

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> with its health check.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after configuration is read.</param>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings
    ) => Add<TKey, TValue>(builder, connectionName, configureSettings, null);

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> with its health check.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureBuilder">Changes the consumer before it is built.</param>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) =>
        Add<TKey, TValue>(
            builder,
            connectionName,
            null,
            (_, consumer) => configureBuilder?.Invoke(consumer)
        );

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> with its health check.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after configuration is read.</param>
    /// <param name="configureBuilder">Changes the consumer before it is built.</param>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) =>
        Add<TKey, TValue>(
            builder,
            connectionName,
            configureSettings,
            (_, consumer) => configureBuilder?.Invoke(consumer)
        );

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> with its health check.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after configuration is read.</param>
    /// <param name="configureBuilder">Changes the consumer before it is built, with the help of services.</param>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add(builder, connectionName, configureSettings, configureBuilder);

    /// <summary>Adds an <see cref="IConsumer{TKey, TValue}"/> with a key, with its health check.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">The key, and the name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after configuration is read.</param>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configureSettings
    )
    {
        var settings = Read(builder, name, configureSettings);
        builder.Services.TryAddKeyedSingleton(
            name,
            (services, _) => Build<TKey, TValue>(services, settings, name, null)
        );
        KafkaHealthCheck.Add(
            builder,
            settings.DisableHealthChecks,
            $"{Check}_{name}",
            settings.Config
        );
    }

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    )
    {
        var settings = Read(builder, name, configureSettings);
        builder.Services.TryAddSingleton(services =>
            Build(services, settings, name, configureBuilder)
        );
        KafkaHealthCheck.Add(builder, settings.DisableHealthChecks, Check, settings.Config);
    }

    private static KafkaConsumerSettings Read(
        IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configure
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        var settings = new KafkaConsumerSettings();
        settings.ConnectionString =
            KafkaSettings.Bind(builder, Section, name, settings, settings.Config)
            ?? settings.ConnectionString;
        configure?.Invoke(settings);
        settings.Config.BootstrapServers =
            settings.ConnectionString ?? settings.Config.BootstrapServers;
        return settings;
    }

    private static IConsumer<TKey, TValue> Build<TKey, TValue>(
        IServiceProvider services,
        KafkaConsumerSettings settings,
        string name,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configure
    )
    {
        KafkaSettings.RequireServers(settings.Config, Section, name);
        var logger = services
            .GetRequiredService<ILoggerFactory>()
            .CreateLogger("Aspire.Confluent.Kafka");
        var builder = new ConsumerBuilder<TKey, TValue>(settings.Config).SetLogHandler(
            (_, message) => KafkaSettings.Log(logger, message)
        );
        configure?.Invoke(services, builder);
        return builder.Build();
    }
}
