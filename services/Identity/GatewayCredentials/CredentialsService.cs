using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Sync;
using Grpc.Core;

namespace ApiSvc.Identity.GatewayCredentials;

/// <summary>What gateways follow: the credentials of their environment, as hashes.</summary>
internal sealed class CredentialsService(ResourceWatch watch, NodeRegistry nodes, KeyUseBook uses)
    : Credentials.CredentialsBase
{
    [RequirePermission("credentials.watch", Team = TeamSource.Platform)]
    public override Task WatchCredentials(
        Follower request,
        IServerStreamWriter<Update> responseStream,
        ServerCallContext context
    ) => watch.WatchAsync(request, responseStream, context);

    [RequirePermission("credentials.watch", Team = TeamSource.Platform)]
    public override async Task<AcknowledgeResponse> Acknowledge(
        Acknowledgement request,
        ServerCallContext context
    )
    {
        await nodes.AcknowledgeAsync(request, context.CancellationToken);
        return new();
    }

    [RequirePermission("credentials.watch", Team = TeamSource.Platform)]
    public override async Task<ReportKeyUseResponse> ReportKeyUse(
        ReportKeyUseRequest request,
        ServerCallContext context
    )
    {
        await uses.AddAsync(request.Uses, context.CancellationToken);
        return new();
    }
}
