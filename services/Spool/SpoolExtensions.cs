using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.Spool.Shipping;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ApiSvc.Spool;

/// <summary>Registers a service's spool.</summary>
public static class SpoolExtensions
{
    /// <summary>
    /// Adds <see cref="RecordSpool"/> in the folder of section <c>Spool</c>, with metrics and the health check <c>spool</c>.
    /// </summary>
    public static void AddSpool(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services
            .AddValidatedOptions<SpoolOptions>(SpoolOptions.Section)
            .PostConfigure<IHostEnvironment>(
                (options, host) =>
                    options.Folder = Path.Combine(host.ContentRootPath, options.Folder)
            );
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddSingleton(provider =>
            RecordSpool.Open(
                provider.GetRequiredService<IOptions<SpoolOptions>>().Value,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<RecordSpool>>()
            )
        );
        services.AddSingleton<SpoolMetrics>();
        services.AddHostedService<SpoolStart>();
        services.AddHealthChecks().AddCheck<SpoolHealthCheck>("spool", tags: ["ready"]);
    }

    /// <summary>Adds what takes the spool's records to Kafka, as section <c>Shipping</c> says.</summary>
    /// <param name="builder">The service.</param>
    /// <param name="connectionName">The name under <c>ConnectionStrings</c>.</param>
    /// <param name="topic">The topic, unless configuration says another.</param>
    /// <param name="message">What a batch is.</param>
    public static void AddSpoolShipping(
        this IHostApplicationBuilder builder,
        string connectionName,
        string topic,
        BatchMessage message
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services
            .AddValidatedOptions<ShippingOptions>(ShippingOptions.Section)
            .PostConfigure(options => options.Topic = options.Topic is "" ? topic : options.Topic);
        ProducerConfig? config = null;
        builder.AddKafkaProducer<byte[]?, byte[]>(
            connectionName,
            settings =>
            {
                KafkaBatchSender.Configure(settings.Config);
                config = settings.Config;
            }
        );
        services.AddSingleton<IBatchSender>(provider =>
            ActivatorUtilities.CreateInstance<KafkaBatchSender>(
                provider,
                config!,
                provider.GetRequiredService<IOptions<ShippingOptions>>().Value.Topic,
                message
            )
        );
        services.AddHostedService<Shipper>();
    }

    // Opens it when the service starts, so that a folder that cannot be used stops the start.
    private sealed class SpoolStart(RecordSpool spool, SpoolMetrics metrics) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            GC.KeepAlive(spool);
            GC.KeepAlive(metrics);
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
