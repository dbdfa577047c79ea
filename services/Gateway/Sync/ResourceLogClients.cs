using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using Grpc.Core;

namespace ApiSvc.Gateway.Sync;

/// <summary>What the Catalog compiled for this gateway's group.</summary>
internal sealed class ConfigurationLog(GatewayConfig.GatewayConfigClient client)
    : IResourceLogClient
{
    public string Name => "configuration";

    public string NameOf(uint kind) => ((ResourceKind)kind).ToString();

    public AsyncServerStreamingCall<Update> Watch(
        Follower follower,
        CancellationToken cancellationToken
    ) => client.WatchConfig(follower, cancellationToken: cancellationToken);

    public async Task AcknowledgeAsync(
        Acknowledgement acknowledgement,
        DateTime deadline,
        CancellationToken cancellationToken
    ) =>
        await client.AcknowledgeAsync(
            acknowledgement,
            deadline: deadline,
            cancellationToken: cancellationToken
        );
}

/// <summary>What Identity tells of the credentials of this gateway's environment.</summary>
internal sealed class CredentialsLog(Contracts.Credentials.V1.Credentials.CredentialsClient client)
    : IResourceLogClient
{
    public string Name => "credentials";

    public string NameOf(uint kind) => ((CredentialKind)kind).ToString();

    public AsyncServerStreamingCall<Update> Watch(
        Follower follower,
        CancellationToken cancellationToken
    ) => client.WatchCredentials(follower, cancellationToken: cancellationToken);

    public async Task AcknowledgeAsync(
        Acknowledgement acknowledgement,
        DateTime deadline,
        CancellationToken cancellationToken
    ) =>
        await client.AcknowledgeAsync(
            acknowledgement,
            deadline: deadline,
            cancellationToken: cancellationToken
        );
}
