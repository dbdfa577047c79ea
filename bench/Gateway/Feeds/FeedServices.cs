using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using Grpc.Core;

namespace ApiSvc.Bench.Gateway.Feeds;

/// <summary>Both feeds of a gateway.</summary>
internal sealed record GatewayFeeds(ResourceFeed Configuration, ResourceFeed Credentials);

/// <summary>Stands where the Catalog is.</summary>
internal sealed class ConfigurationService(GatewayFeeds feeds) : GatewayConfig.GatewayConfigBase
{
    public override Task WatchConfig(
        Follower request,
        IServerStreamWriter<Update> responseStream,
        ServerCallContext context
    ) => feeds.Configuration.WatchAsync(request, responseStream, context.CancellationToken);

    public override Task<Contracts.GatewayConfig.V1.AcknowledgeResponse> Acknowledge(
        Acknowledgement request,
        ServerCallContext context
    )
    {
        feeds.Configuration.Acknowledge(request);
        return Task.FromResult(new Contracts.GatewayConfig.V1.AcknowledgeResponse());
    }
}

/// <summary>Stands where Identity is.</summary>
internal sealed class CredentialsService(GatewayFeeds feeds)
    : Contracts.Credentials.V1.Credentials.CredentialsBase
{
    public override Task WatchCredentials(
        Follower request,
        IServerStreamWriter<Update> responseStream,
        ServerCallContext context
    ) => feeds.Credentials.WatchAsync(request, responseStream, context.CancellationToken);

    public override Task<Contracts.Credentials.V1.AcknowledgeResponse> Acknowledge(
        Acknowledgement request,
        ServerCallContext context
    )
    {
        feeds.Credentials.Acknowledge(request);
        return Task.FromResult(new Contracts.Credentials.V1.AcknowledgeResponse());
    }
}
