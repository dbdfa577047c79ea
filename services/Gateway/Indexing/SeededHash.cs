using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ApiSvc.Gateway.Indexing;

/// <summary>
/// A fast 64-bit hash for tables in memory, seeded anew by each process, so that nobody can choose names that
/// collide. It tells nothing about who knows the bytes: see <see cref="KeyedHash"/> for that.
/// </summary>
internal static class SeededHash
{
    private static readonly ulong Seed = BinaryPrimitives.ReadUInt64LittleEndian(
        RandomNumberGenerator.GetBytes(8)
    );

    /// <summary>What the hash of several pieces begins with.</summary>
    public static ulong Start => Seed;

    /// <summary>Goes on from the hash of what came before; (a, b) and (b, a) differ.</summary>
    public static ulong Append(ulong hash, ReadOnlySpan<byte> piece)
    {
        var length = (ulong)piece.Length;
        while (piece.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(piece), 0x9E3779B97F4A7C15);
            piece = piece[8..];
        }

        ulong rest = 0;
        foreach (var value in piece)
        {
            rest = (rest << 8) | value;
        }

        return Fold(hash ^ rest, 0xD6E8FEB86659FD93 ^ (length << 32));
    }

    public static ulong Combine(ulong first, ulong second) =>
        Fold(first ^ 0xA0761D6478BD642F, second ^ 0xE7037ED1A0B428DB);

    private static ulong Fold(ulong left, ulong right)
    {
        var high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}
