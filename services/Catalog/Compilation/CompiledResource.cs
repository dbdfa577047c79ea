using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;

namespace ApiSvc.Catalog.Compilation;

/// <summary>A resource of the gateways' configuration.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">16 bytes, as a UUID is written: most significant first. Of an API it is the version's.</param>
/// <param name="Body">The message of the kind.</param>
/// <param name="RequiredFeatures">That a node must have; sorted, each once.</param>
internal sealed record CompiledResource(
    ResourceKind Kind,
    byte[] Id,
    IMessage Body,
    IReadOnlyList<string> RequiredFeatures
);
