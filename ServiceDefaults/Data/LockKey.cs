using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.ServiceDefaults.Data;

/// <summary>Keys of Postgres advisory locks: the same for a name in every process and version.</summary>
internal static class LockKey
{
    public static long Of(string name) => Of(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    public static long Of(ReadOnlySpan<byte> hash) => BinaryPrimitives.ReadInt64BigEndian(hash);
}
