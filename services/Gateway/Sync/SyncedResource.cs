using Google.Protobuf;

namespace ApiSvc.Gateway.Sync;

/// <summary>Names a resource of a log.</summary>
/// <param name="Kind">Number from the log's enumeration.</param>
/// <param name="Id">UUID in network order, or a key of that kind.</param>
internal readonly record struct ResourceKey(uint Kind, ByteString Id);

/// <summary>One resource as it was sent.</summary>
/// <param name="Key">Which.</param>
/// <param name="Body">The serialised message of that kind.</param>
/// <param name="RequiredFeatures">What a build must know to apply it.</param>
internal sealed record SyncedResource(
    ResourceKey Key,
    ByteString Body,
    IReadOnlyList<string> RequiredFeatures
);

/// <summary>A resource that is set aside.</summary>
/// <param name="Resource">Which.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) into it; empty for the whole.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record Quarantined(ResourceKey Resource, string Pointer, string Reason);
