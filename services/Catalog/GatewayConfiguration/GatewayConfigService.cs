using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Sync;
using Grpc.Core;

namespace ApiSvc.Catalog.GatewayConfiguration;

/// <summary>What gateways follow: the configuration of their environment.</summary>
internal sealed class GatewayConfigService(ResourceWatch watch, NodeRegistry nodes)
    : GatewayConfig.GatewayConfigBase
{
    [RequirePermission("gateway-config.watch", Team = TeamSource.Platform)]
    public override Task WatchConfig(
        Follower request,
        IServerStreamWriter<Update> responseStream,
        ServerCallContext context
    ) => watch.WatchAsync(request, responseStream, context);

    [RequirePermission("gateway-config.watch", Team = TeamSource.Platform)]
    public override async Task<AcknowledgeResponse> Acknowledge(
        Acknowledgement request,
        ServerCallContext context
    )
    {
        await nodes.AcknowledgeAsync(request, context.CancellationToken);
        return new();
    }
}
