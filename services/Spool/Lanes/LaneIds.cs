using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ApiSvc.Spool.Lanes;

/// <summary>
/// Makes the UUIDv7 (RFC 9562 section 5.7) of one lane, each greater than the one before, also within a millisecond and
/// when the clock steps back (section 6.2, method 2). For a call per microsecond: the randomness is a fast generator's,
/// seeded by the system's, which keeps ids apart and is nothing to be guessed from or to be relied on as secret.
/// </summary>
internal sealed class LaneIds
{
    // rand_a (12 bits) and rand_b (62 bits) are one counter. Its start leaves the top bit free for steps.
    private const int TailBits = 74;

    private LaneGate _gate;
    private long _millisecond = -1;
    private UInt128 _tail;
    private ulong _s0;
    private ulong _s1;

    public LaneIds()
    {
        Span<ulong> seed = stackalloc ulong[2];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(seed));
        _s0 = seed[0] | 1; // The generator must not start with zeros alone.
        _s1 = seed[1];
    }

    public bool TryNext(long unixMilliseconds, out Guid id)
    {
        if (!_gate.TryEnter())
        {
            id = default;
            return false;
        }

        id = Take(unixMilliseconds);
        return true;
    }

    public Guid Next(long unixMilliseconds)
    {
        _gate.Enter();
        return Take(unixMilliseconds);
    }

    private Guid Take(long unixMilliseconds)
    {
        if (unixMilliseconds > _millisecond)
        {
            _millisecond = unixMilliseconds;
            _tail = new UInt128(Random(), Random()) >> (128 - TailBits + 1);
        }
        else
        {
            _tail += 1 + (Random() >> 32);
        }

        var high = ((ulong)_millisecond << 16) | 0x7000 | (ulong)(_tail >> 62);
        var low = 0x8000_0000_0000_0000 | ((ulong)_tail & 0x3FFF_FFFF_FFFF_FFFF);
        _gate.Leave();
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new(bytes, bigEndian: true);
    }

    // xoroshiro128++ 1.0
    private ulong Random()
    {
        var (s0, s1) = (_s0, _s1);
        var result = BitOperations.RotateLeft(s0 + s1, 17) + s0;
        s1 ^= s0;
        _s0 = BitOperations.RotateLeft(s0, 49) ^ s1 ^ (s1 << 21);
        _s1 = BitOperations.RotateLeft(s1, 28);
        return result;
    }
}
