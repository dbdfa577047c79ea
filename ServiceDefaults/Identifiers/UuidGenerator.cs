using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ApiSvc.ServiceDefaults.Identifiers;

/// <summary>
/// Makes UUIDv7 (RFC 9562 section 5.7), each greater than the one before, also within a millisecond and when the
/// clock steps back (section 6.2, method 2: a random start, then random steps). Thread-safe. Greater holds within
/// one process; ids of different processes are ordered by their clocks.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="random">Fills a span with random bytes; the system's cryptographic source unless a test gives one.</param>
public sealed class UuidGenerator(TimeProvider time, Action<Span<byte>>? random = null)
{
    // rand_a (12 bits) and rand_b (62 bits) are one counter. Its start leaves the top bit free, so that there is
    // room for at least 2^41 steps without a new start: 25 days of a million a second on a clock that stands still.
    private const int TailBits = 74;

    private readonly Lock _gate = new();
    private readonly Action<Span<byte>> _fill = random ?? RandomNumberGenerator.Fill;
    private long _millisecond = -1;
    private UInt128 _tail;

    /// <summary>The next UUID.</summary>
    public Guid Next()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow().ToUnixTimeMilliseconds();
            if (now > _millisecond)
            {
                Start(now);
            }
            else
            {
                Span<byte> step = stackalloc byte[4];
                _fill(step);
                _tail += 1 + (UInt128)BinaryPrimitives.ReadUInt32BigEndian(step);
            }

            return Compose(_millisecond, _tail);
        }
    }

    /// <summary>The next identifier of a kind.</summary>
    public Id<TKind> Next<TKind>()
        where TKind : IIdKind => new(Next());

    private void Start(long at)
    {
        Span<byte> bytes = stackalloc byte[16];
        _fill(bytes);
        _millisecond = at;
        _tail = BinaryPrimitives.ReadUInt128BigEndian(bytes) >> (128 - TailBits + 1);
    }

    private static Guid Compose(long millisecond, UInt128 tail)
    {
        Span<byte> bytes = stackalloc byte[16];
        var high = ((ulong)millisecond << 16) | 0x7000 | (ulong)(tail >> 62);
        var low = 0x8000_0000_0000_0000 | ((ulong)tail & 0x3FFF_FFFF_FFFF_FFFF);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new(bytes, bigEndian: true);
    }
}
