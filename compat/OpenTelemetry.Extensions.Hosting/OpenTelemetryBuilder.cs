using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OpenTelemetry;

/// <summary>Says what of a host's telemetry is collected, and as whom.</summary>
public sealed class OpenTelemetryBuilder : IOpenTelemetryBuilder
{
    internal OpenTelemetryBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Adds to the resource of all signals.</summary>
    public OpenTelemetryBuilder ConfigureResource(Action<ResourceBuilder> configure)
    {
        OpenTelemetryBuilderSdkExtensions.ConfigureResource(this, configure);
        return this;
    }

    /// <summary>Collects metrics.</summary>
    public OpenTelemetryBuilder WithMetrics() => WithMetrics(_ => { });

    /// <summary>Collects metrics as <paramref name="configure"/> says; may be called again to add to it.</summary>
    public OpenTelemetryBuilder WithMetrics(Action<MeterProviderBuilder> configure)
    {
        OpenTelemetryBuilderSdkExtensions.WithMetrics(this, configure);
        return this;
    }

    /// <summary>Collects traces.</summary>
    public OpenTelemetryBuilder WithTracing() => WithTracing(_ => { });

    /// <summary>Collects traces as <paramref name="configure"/> says; may be called again to add to it.</summary>
    public OpenTelemetryBuilder WithTracing(Action<TracerProviderBuilder> configure)
    {
        OpenTelemetryBuilderSdkExtensions.WithTracing(this, configure);
        return this;
    }

    /// <summary>Collects what is logged through <c>ILogger</c>.</summary>
    public OpenTelemetryBuilder WithLogging() => WithLogging(_ => { });

    /// <summary>Collects what is logged through <c>ILogger</c>, as <paramref name="configure"/> says.</summary>
    public OpenTelemetryBuilder WithLogging(Action<LoggerProviderBuilder> configure) =>
        WithLogging(configure, configureOptions: null);

    /// <summary>Collects what is logged through <c>ILogger</c>.</summary>
    /// <param name="configureBuilder">Processors and exporters.</param>
    /// <param name="configureOptions">What of a log entry is kept.</param>
    public OpenTelemetryBuilder WithLogging(
        Action<LoggerProviderBuilder>? configureBuilder,
        Action<OpenTelemetryLoggerOptions>? configureOptions
    )
    {
        OpenTelemetryBuilderSdkExtensions.WithLogging(this, configureBuilder, configureOptions);
        return this;
    }
}
