using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ApiSvc.Gateway.Indexing;

namespace ApiSvc.Gateway.Limits;

/// <summary>
/// Whose calls are counted against what. A keyed hash: nobody can choose names that share a count. Worth making once
/// where it stays the same, such as with a subscription.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LimitKey(UInt128 Value)
{
    private static readonly KeyedHash Hash = KeyedHash.Create();

    /// <param name="limit">What names the limit: its policy or plan, and which of theirs.</param>
    /// <param name="subject">Who is counted: bytes of an id, an address, a user's name.</param>
    public static LimitKey Of(ReadOnlySpan<byte> limit, ReadOnlySpan<byte> subject)
    {
        // Hashed one by one, so that the border between the two counts.
        Span<byte> both = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128LittleEndian(both, Hash.Of(limit));
        BinaryPrimitives.WriteUInt128LittleEndian(both[16..], Hash.Of(subject));
        return new(Hash.Of(both));
    }
}
