using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.Catalog.Compilation;

/// <summary>Ids of operations.</summary>
internal static class OperationIds
{
    /// <summary>
    /// The id of a method at a path of a version: always the same one, so that policies and plans that name it hold over
    /// another import. A UUID of version 8 (RFC 9562 section 5.8), from a hash.
    /// </summary>
    public static Guid Of(Guid versionId, string method, string pathTemplate)
    {
        var name = Encoding.UTF8.GetBytes($" {method.ToUpperInvariant()} {pathTemplate}");
        var hash = SHA256.HashData([.. versionId.ToByteArray(bigEndian: true), .. name]);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash.AsSpan(0, 16), bigEndian: true);
    }
}
