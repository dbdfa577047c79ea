using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Gateway.Sync;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Sync;
using ApiSvc.Testing;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Gateway.Tests.Sync;

/// <summary>From a service's transaction to the gateway's state and back: with a database, over a connection.</summary>
public sealed class PropagationTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("apisvc-prop-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Append_WhileGatewaysFollow_IsAppliedEverywhereAndKnownToBe()
    {
        await using var service = await StartServiceAsync();
        await AppendAsync(service, "first");
        using var channel = GrpcChannel.ForAddress(GrpcAddress(service));
        var log = new ConfigurationLog(new GatewayConfig.GatewayConfigClient(channel));
        var builder = new RecordingBuilder();
        var host = await FollowerHost.StartAsync(log, builder, _folder);
        await host.AppliesAsync(1);
        var nodes = service.Services.GetRequiredService<NodeRegistry>();
        var generation = 1ul;
        for (var i = 0; i < 20; i++)
        {
            generation = await AppendAsync(service, $"change {i}");
            (
                await nodes.WaitForAllAsync("sandbox", generation, TimeSpan.FromSeconds(20))
            ).ShouldBeEmpty();
            builder.Current.ShouldNotBeNull().Generation.ShouldBe(generation);
        }

        var node = (await nodes.ListAsync("sandbox")).ShouldHaveSingleItem();
        node.Node.ShouldBe("node-1");
        node.Applied.ShouldBe(generation);
        await host.AppliesAsync(generation);
        await host.DisposeAsync();

        // Away for a while, then back from disk: the changes alone come.
        await AppendAsync(service, "while away");
        var again = new RecordingBuilder();
        await using var back = await FollowerHost.StartAsync(log, again, _folder);
        await back.AppliesAsync(generation + 1);
        again.Applied.Last().Changed.ShouldNotBeNull().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task AddStateSync_NobodyThere_StartsAndSaysWhatItWaitsFor()
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = _folder }
        );
        Configure(
            builder,
            ("Tokens:ClientId", "gateway"),
            ("Tokens:ClientSecret", "secret"),
            ("services:catalog:grpc:0", "http://127.0.0.1:9"),
            ("services:identity:grpc:0", "http://127.0.0.1:9"),
            ("Gateway:Node", "node-1")
        );
        builder.AddStateSync<RecordingBuilder, OtherBuilder>();
        await using var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.StartAsync();

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();

        report.Entries["configuration"].Status.ShouldBe(HealthStatus.Unhealthy);
        report
            .Entries["credentials"]
            .Description.ShouldBe("The gateway has never had credentials.");
        app.Services.GetRequiredKeyedService<LogFollower>("credentials")
            .Name.ShouldBe("credentials");
        app.Services.GetServices<IHostedService>().OfType<LogFollower>().Count().ShouldBe(2);
        await app.StopAsync();
    }

    private static async Task<ulong> AppendAsync(WebApplication service, string value)
    {
        await using var scope = service.Services.CreateAsyncScope();
        var log = scope.ServiceProvider.GetRequiredService<ResourceLog>();
        var generation = await log.AppendAsync(
            "sandbox",
            [ResourceChange.Put(1, "only"u8.ToArray(), new StringValue { Value = value })]
        );
        await scope.ServiceProvider.GetRequiredService<UnitOfWork>().CommitAsync();
        return generation;
    }

    private static async Task<WebApplication> StartServiceAsync()
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { EnvironmentName = "Development" }
        );
        Configure(
            builder,
            ("ConnectionStrings:catalogdb", await PostgresServer.CreateDatabaseAsync())
        );
        builder.Services.AddSingleton<IEventPublisher, NoEvents>();
        builder.AddServiceDatabase("catalogdb");
        builder.AddResourceLog();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<Rpc>();
        await app.StartAsync();
        await app
            .Services.GetRequiredService<DatabaseReady>()
            .WaitAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static void Configure(
        WebApplicationBuilder builder,
        params (string Key, string? Value)[] settings
    )
    {
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
                ["Sealing:ActiveKey"] = "k1",
                ["Sealing:Keys:k1"] = Convert.ToBase64String(new byte[32]),
                // Nobody is there.
                ["Tokens:Issuer"] = "http://127.0.0.1:9",
            }
        );
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key, s.Value))
        );
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
    }

    // Kestrel binds in the order of the configuration, which sorts its keys: grpc, http, management.
    private static Uri GrpcAddress(WebApplication app) =>
        new(
            app.Services.GetRequiredService<IServer>()
                .Features.GetRequiredFeature<IServerAddressesFeature>()
                .Addresses.First()
        );

    internal sealed class OtherBuilder : IStateBuilder
    {
        public ValueTask<IReadOnlyList<Gateway.Sync.Quarantined>> ApplyAsync(
            ResourceSet state,
            IReadOnlyList<Gateway.Sync.ResourceKey>? changed,
            CancellationToken cancellationToken
        ) => new([]);
    }

    private sealed class NoEvents : IEventPublisher
    {
        public Task<IReadOnlyList<PublishOutcome>> PublishAsync(
            IReadOnlyList<OutboxMessage> batch,
            CancellationToken cancellationToken
        ) => throw new InvalidOperationException("Nothing here makes events.");
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
