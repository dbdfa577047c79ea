using System.Globalization;
using ApiSvc.Contracts.Sync.V1;
using Grpc.Core;

namespace ApiSvc.Gateway.Sync;

/// <summary>A log to follow: the configuration from the Catalog, the credentials from Identity.</summary>
internal interface IResourceLogClient
{
    /// <summary>The log's name in health checks, metrics and on disk.</summary>
    string Name { get; }

    /// <summary>What a kind of its resources is called.</summary>
    string NameOf(uint kind) => kind.ToString(CultureInfo.InvariantCulture);

    /// <summary>Opens the stream.</summary>
    AsyncServerStreamingCall<Update> Watch(Follower follower, CancellationToken cancellationToken);

    /// <summary>Says what was applied.</summary>
    Task AcknowledgeAsync(
        Acknowledgement acknowledgement,
        DateTime deadline,
        CancellationToken cancellationToken
    );
}
