using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Confluent.Kafka;

/// <summary>Healthy if a broker tells, within a second, of itself.</summary>
internal sealed class KafkaHealthCheck(ClientConfig config) : IHealthCheck, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lazy<IAdminClient> _client = new(() => Connect(config));

    public static void Add(
        IHostApplicationBuilder builder,
        bool isDisabled,
        string name,
        ClientConfig config
    )
    {
        if (isDisabled || !builder.Properties.TryAdd($"HealthCheck:{name}", true))
        {
            return;
        }

        // One for all checks, and ended with the host: each holds connections and threads.
        builder.Services.AddKeyedSingleton(name, (_, _) => new KafkaHealthCheck(config));
        builder
            .Services.AddHealthChecks()
            .Add(
                new(
                    name,
                    services => services.GetRequiredKeyedService<KafkaHealthCheck>(name),
                    failureStatus: null,
                    tags: null
                )
            );
    }

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            // The client has no call that does not block.
            var brokers = await Task.Run(
                () => _client.Value.GetMetadata(Patience).Brokers,
                cancellationToken
            );
            return brokers.Count > 0
                ? HealthCheckResult.Healthy()
                : new(context.Registration.FailureStatus, "No broker is known.");
        }
        catch (Exception exception)
        {
            return new(context.Registration.FailureStatus, exception.Message, exception);
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    /// <summary>How to connect, without what only producers or consumers know.</summary>
    private static IAdminClient Connect(ClientConfig config) =>
        new AdminClientBuilder(
            config.Where(setting =>
                setting.Key is "bootstrap.servers"
                || setting.Key.StartsWith("security.", StringComparison.Ordinal)
                || setting.Key.StartsWith("sasl.", StringComparison.Ordinal)
                || setting.Key.StartsWith("ssl.", StringComparison.Ordinal)
            )
        )
            .SetLogHandler((_, _) => { }) // The check's answer tells it.
            .Build();
}
