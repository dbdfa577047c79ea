using ApiSvc.Gateway.Policies;
using Google.Protobuf;

namespace ApiSvc.Gateway.State;

/// <summary>Reads the UUIDs of resources.</summary>
internal static class ResourceIds
{
    public static Guid Read(ByteString id, string pointer) =>
        id.Length == 16
            ? new(id.Span, bigEndian: true)
            : throw new RefusedResourceException(pointer, "It is no UUID of 16 bytes.");

    public static HashSet<Guid> ReadAll(IReadOnlyList<ByteString> ids, string pointer) =>
        [.. ids.Select((id, i) => Read(id, $"{pointer}/{i}"))];
}
