using Google.Protobuf;

namespace ApiSvc.Catalog.Compilation;

/// <summary>Ids as the gateways' configuration has them: 16 bytes, most significant first.</summary>
internal static class ResourceId
{
    public static byte[] Of(Guid id) => id.ToByteArray(bigEndian: true);

    public static ByteString InMessage(Guid id) => UnsafeByteOperations.UnsafeWrap(Of(id));

    /// <summary>The id of an API's resource: that of the version, since each version is a resource.</summary>
    public static byte[] OfVersion(Guid versionId) => Of(versionId);

    public static Guid Read(ReadOnlySpan<byte> id) => new(id, bigEndian: true);
}
