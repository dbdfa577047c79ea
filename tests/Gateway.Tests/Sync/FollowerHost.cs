using System.Diagnostics.Metrics;
using ApiSvc.Gateway.Sync;
using ApiSvc.Gateway.Tests.Sync.Disk;
using ApiSvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Tests.Sync;

/// <summary>A follower as it runs in the gateway.</summary>
internal sealed class FollowerHost : IAsyncDisposable
{
    private readonly LogFollower _follower;
    private readonly ServiceProvider _services = new ServiceCollection()
        .AddMetrics()
        .BuildServiceProvider();

    private FollowerHost(
        IResourceLogClient log,
        IStateBuilder builder,
        string folder,
        SyncOptions options
    )
    {
        var metrics = new SyncMetrics(_services.GetRequiredService<IMeterFactory>());
        _follower = new LogFollower(
            log,
            builder,
            Disks.Open(folder),
            new Acknowledger(
                log,
                Options.Create(options),
                TimeProvider.System,
                NullLogger<Acknowledger>.Instance
            ),
            metrics,
            Options.Create(new GatewayOptions { Node = "node-1" }),
            Options.Create(options),
            TimeProvider.System,
            NullLogger<LogFollower>.Instance
        );
    }

    public FollowerStatus Status => _follower.Status;

    /// <summary>As the gateway starts; before it listens, and not further, if <paramref name="runs"/> is false.</summary>
    public static async Task<FollowerHost> StartAsync(
        IResourceLogClient log,
        IStateBuilder builder,
        string folder,
        SyncOptions? options = null,
        bool runs = true
    )
    {
        options ??= new SyncOptions { LongestPause = TimeSpan.FromMilliseconds(20) };
        var host = new FollowerHost(log, builder, folder, options);
        await host._follower.StartingAsync(TestContext.Current.CancellationToken);
        if (runs)
        {
            await host._follower.StartAsync(TestContext.Current.CancellationToken);
        }

        return host;
    }

    public Task AppliesAsync(ulong generation) =>
        Eventually.HoldsAsync(
            () => Status.HasState && Status.Applied == generation && Status.Durable == generation,
            $"generation {generation} is applied and on disk"
        );

    public async Task<HealthCheckResult> HealthAsync() =>
        await new StateHealthCheck(_follower).CheckHealthAsync(
            new HealthCheckContext
            {
                Registration = new("configuration", new StateHealthCheck(_follower), null, null),
            }
        );

    public async ValueTask DisposeAsync()
    {
        await _follower.StopAsync(CancellationToken.None);
        _follower.Dispose();
        await _services.DisposeAsync();
    }
}
