using ApiSvc.Gateway.State;

namespace ApiSvc.Gateway.Exchanges;

/// <summary>Where a call goes.</summary>
/// <param name="Address">The upstream's address.</param>
/// <param name="PathAndQuery">The target as the upstream is to get it, byte for byte.</param>
/// <param name="Upstream">The upstream that the address is one of.</param>
/// <param name="PublicPrefix">What clients put before the upstream's paths, in place of the address' own prefix; no slash at its end.</param>
internal readonly record struct ForwardTarget(
    UpstreamAddressState Address,
    ReadOnlyMemory<byte> PathAndQuery,
    UpstreamState Upstream,
    ReadOnlyMemory<byte> PublicPrefix
);
