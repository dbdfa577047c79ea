using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Redis in a host.</summary>
public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    /// <summary>Adds an <see cref="IConnectionMultiplexer"/>, with its health check <c>StackExchange.Redis</c>.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after configuration is read.</param>
    /// <param name="configureOptions">Changes the client's options before it connects.</param>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null
    )
    {
        var settings = Read(builder, connectionName, configureSettings);
        builder.Services.TryAddSingleton<IConnectionMultiplexer>(services =>
            Connect(services, settings, connectionName, configureOptions)
        );
        Watch(
            builder,
            settings,
            "StackExchange.Redis",
            services => services.GetRequiredService<IConnectionMultiplexer>()
        );
    }

    /// <summary>
    /// Adds an <see cref="IConnectionMultiplexer"/> with a key, with its health check <c>StackExchange.Redis_{name}</c>.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">The key, and the name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after configuration is read.</param>
    /// <param name="configureOptions">Changes the client's options before it connects.</param>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null
    )
    {
        var settings = Read(builder, name, configureSettings);
        builder.Services.TryAddKeyedSingleton<IConnectionMultiplexer>(
            name,
            (services, _) => Connect(services, settings, name, configureOptions)
        );
        Watch(
            builder,
            settings,
            $"StackExchange.Redis_{name}",
            services => services.GetRequiredKeyedService<IConnectionMultiplexer>(name)
        );
    }

    private static StackExchangeRedisSettings Read(
        IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configure
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var settings = new StackExchangeRedisSettings();
        builder.Configuration.GetSection(Section).Bind(settings);
        builder.Configuration.GetSection($"{Section}:{name}").Bind(settings);
        settings.ConnectionString =
            builder.Configuration.GetConnectionString(name) ?? settings.ConnectionString;
        configure?.Invoke(settings);
        return settings;
    }

    private static ConnectionMultiplexer Connect(
        IServiceProvider services,
        StackExchangeRedisSettings settings,
        string name,
        Action<ConfigurationOptions>? configure
    )
    {
        var text = settings.ConnectionString ?? "";
        var options =
            text.Length > 0 ? ConfigurationOptions.Parse(text) : new ConfigurationOptions();

        // Started before its server, a service connects when the server comes.
        if (!text.Contains("abortConnect", StringComparison.OrdinalIgnoreCase))
        {
            options.AbortOnConnectFail = false;
        }

        var configuration = services.GetRequiredService<IConfiguration>();
        configuration.GetSection($"{Section}:ConfigurationOptions").Bind(options);
        configuration.GetSection($"{Section}:{name}:ConfigurationOptions").Bind(options);
        configure?.Invoke(options);
        if (options.EndPoints.Count == 0)
        {
            throw new InvalidOperationException(
                $"No endpoints specified. Ensure a valid connection string was provided in 'ConnectionStrings:{name}' or for the '{Section}:ConnectionString' or '{Section}:{name}:ConnectionString' configuration key."
            );
        }

        var multiplexer = ConnectionMultiplexer.Connect(options);

        // With the order kept, a busy process can wait for ever for an answer that came. Later versions keep none.
        multiplexer.PreserveAsyncOrder = false;
        return multiplexer;
    }

    private static void Watch(
        IHostApplicationBuilder builder,
        StackExchangeRedisSettings settings,
        string check,
        Func<IServiceProvider, IConnectionMultiplexer> connection
    )
    {
        if (!settings.DisableAutoActivation)
        {
            builder.Services.AddSingleton<IHostedService>(services => new RedisActivation(() =>
                connection(services)
            ));
        }

        if (
            !settings.DisableHealthChecks && builder.Properties.TryAdd($"HealthCheck:{check}", true)
        )
        {
            builder
                .Services.AddHealthChecks()
                .Add(
                    new(
                        check,
                        services => new RedisHealthCheck(() => connection(services)),
                        null,
                        null
                    )
                );
        }
    }
}
