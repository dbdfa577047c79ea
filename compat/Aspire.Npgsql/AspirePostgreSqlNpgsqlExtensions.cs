using System.Data.Common;
using Aspire.Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Microsoft.Extensions.Hosting;

/// <summary>Postgres in a host.</summary>
public static class AspirePostgreSqlNpgsqlExtensions
{
    private const string Section = "Aspire:Npgsql";

    /// <summary>Adds a pooled <see cref="NpgsqlDataSource"/>, with its health check <c>PostgreSql</c> and telemetry.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after configuration is read.</param>
    /// <param name="configureDataSourceBuilder">Changes the data source before it is built.</param>
    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null
    )
    {
        var settings = Read(builder, connectionName, configureSettings);
        builder.Services.TryAddSingleton(services =>
            Build(services, settings, connectionName, configureDataSourceBuilder)
        );
        builder.Services.TryAddSingleton<DbDataSource>(services =>
            services.GetRequiredService<NpgsqlDataSource>()
        );
        builder.Services.TryAddTransient(services =>
            services.GetRequiredService<NpgsqlDataSource>().CreateConnection()
        );
        builder.Services.TryAddTransient<DbConnection>(services =>
            services.GetRequiredService<NpgsqlConnection>()
        );
        Watch(
            builder,
            settings,
            "PostgreSql",
            services => services.GetRequiredService<NpgsqlDataSource>()
        );
    }

    /// <summary>
    /// Adds a pooled <see cref="NpgsqlDataSource"/> with a key, with its health check <c>PostgreSql_{name}</c> and telemetry.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="name">The key, and the name under <c>ConnectionStrings</c>.</param>
    /// <param name="configureSettings">Changes the settings after configuration is read.</param>
    /// <param name="configureDataSourceBuilder">Changes the data source before it is built.</param>
    public static void AddKeyedNpgsqlDataSource(
        this IHostApplicationBuilder builder,
        string name,
        Action<NpgsqlSettings>? configureSettings = null,
        Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null
    )
    {
        var settings = Read(builder, name, configureSettings);
        builder.Services.TryAddKeyedSingleton(
            name,
            (services, _) => Build(services, settings, name, configureDataSourceBuilder)
        );
        builder.Services.TryAddKeyedSingleton<DbDataSource>(
            name,
            (services, key) => services.GetRequiredKeyedService<NpgsqlDataSource>(key)
        );
        builder.Services.TryAddKeyedTransient(
            name,
            (services, key) =>
                services.GetRequiredKeyedService<NpgsqlDataSource>(key).CreateConnection()
        );
        builder.Services.TryAddKeyedTransient<DbConnection>(
            name,
            (services, key) => services.GetRequiredKeyedService<NpgsqlConnection>(key)
        );
        Watch(
            builder,
            settings,
            $"PostgreSql_{name}",
            services => services.GetRequiredKeyedService<NpgsqlDataSource>(name)
        );
    }

    private static NpgsqlSettings Read(
        IHostApplicationBuilder builder,
        string name,
        Action<NpgsqlSettings>? configure
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);
        var settings = new NpgsqlSettings();
        builder.Configuration.GetSection(Section).Bind(settings);
        builder.Configuration.GetSection($"{Section}:{name}").Bind(settings);
        settings.ConnectionString =
            builder.Configuration.GetConnectionString(name) ?? settings.ConnectionString;
        configure?.Invoke(settings);
        return settings;
    }

    private static NpgsqlDataSource Build(
        IServiceProvider services,
        NpgsqlSettings settings,
        string name,
        Action<NpgsqlDataSourceBuilder>? configure
    )
    {
        // Said only now, when there is a logger that can tell it.
        if (string.IsNullOrEmpty(settings.ConnectionString))
        {
            throw new InvalidOperationException(
                $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{name}' or under the 'ConnectionString' key in '{Section}' or '{Section}:{name}' configuration section."
            );
        }

        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        source.UseLoggerFactory(services.GetService<ILoggerFactory>());
        configure?.Invoke(source);
        return source.Build();
    }

    private static void Watch(
        IHostApplicationBuilder builder,
        NpgsqlSettings settings,
        string check,
        Func<IServiceProvider, NpgsqlDataSource> source
    )
    {
        if (
            !settings.DisableHealthChecks && builder.Properties.TryAdd($"HealthCheck:{check}", true)
        )
        {
            builder
                .Services.AddHealthChecks()
                .Add(
                    new(
                        check,
                        services => new NpgsqlHealthCheck(() => source(services)),
                        null,
                        null
                    )
                );
        }

        if (!settings.DisableTracing)
        {
            builder.Services.AddOpenTelemetry().WithTracing(tracing => tracing.AddSource("Npgsql"));
        }

        if (!settings.DisableMetrics)
        {
            builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter("Npgsql"));
        }
    }
}
