using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Sync;
using ApiSvc.ServiceDefaults.Tests.Data;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.ServiceDefaults.Tests.Sync;

/// <summary>One replica of a service whose log is followed, over a real connection.</summary>
internal sealed class WatchService : IAsyncDisposable
{
    private readonly GrpcChannel _channel;

    private WatchService(ServiceHost host)
    {
        Host = host;
        _channel = GrpcChannel.ForAddress(host.Address("grpc"));
        Client = new(_channel);
    }

    public ServiceHost Host { get; }

    public GatewayConfig.GatewayConfigClient Client { get; }

    public NodeRegistry Nodes => Host.App.Services.GetRequiredService<NodeRegistry>();

    public ResourceLogTrimmer Trimmer => Host.App.Services.GetRequiredService<ResourceLogTrimmer>();

    public static async Task<WatchService> StartAsync(
        string connectionString,
        params (string Key, string? Value)[] settings
    )
    {
        var host = await ServiceHost.StartAsync(
            app => app.MapGrpcService<Rpc>(),
            builder =>
            {
                builder.Services.AddSingleton<IEventPublisher>(new RecordingPublisher());
                builder.AddServiceDatabase("testdb");
                builder.AddResourceLog();
            },
            [
                ("ConnectionStrings:testdb", connectionString),
                ("Outbox:PollInterval", "00:10:00"),
                // What these tests rely on: nothing happens by polling, unless a test says so.
                ("ResourceLog:PollInterval", "00:10:00"),
                .. settings,
            ]
        );
        return new(host);
    }

    public Task ReadyAsync() =>
        Host
            .App.Services.GetRequiredService<DatabaseReady>()
            .WaitAsync(TestContext.Current.CancellationToken);

    public TestFollower Follow(string node, ReplayedState? from = null) =>
        new(
            Client.WatchConfig(
                new Follower
                {
                    Group = Logs.Group,
                    Node = node,
                    Build = "test",
                    Features = { "one", "two" },
                    HaveGeneration = from?.Position.Generation ?? 0,
                    HaveHash = from is null
                        ? Google.Protobuf.ByteString.Empty
                        : Google.Protobuf.ByteString.CopyFrom(from.Position.Hash.ToArray()),
                }
            ),
            from ?? new()
        );

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await Host.DisposeAsync();
    }

    private sealed class Rpc(ResourceWatch watch, NodeRegistry nodes)
        : GatewayConfig.GatewayConfigBase
    {
        [AnonymousCaller]
        public override Task WatchConfig(
            Follower request,
            IServerStreamWriter<Update> responseStream,
            ServerCallContext context
        ) => watch.WatchAsync(request, responseStream, context);

        [AnonymousCaller]
        public override async Task<AcknowledgeResponse> Acknowledge(
            Acknowledgement request,
            ServerCallContext context
        )
        {
            await nodes.AcknowledgeAsync(request, context.CancellationToken);
            return new();
        }
    }
}
