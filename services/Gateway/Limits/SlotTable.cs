using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ApiSvc.Gateway.Limits;

/// <summary>
/// A number for each key in memory that never grows. Each key has eight places next to each other that it may be in;
/// the numbers are changed by compare-and-swap, and only a key that is new takes a lock, with few others. A number
/// below what the caller calls stale says as much as none, and its place is free; if all eight are in use, the key with
/// the lowest number is forgotten.
/// </summary>
/// <remarks>
/// A call that changes a number in the very moment in which its key is forgotten may be counted for the key that comes
/// instead. That is one call, of a key that had not been used for its whole window or was about to be forgotten.
/// </remarks>
internal sealed class SlotTable
{
    private const int Ways = 8;
    private const int Stripes = 64;

    // Tags of keys are odd.
    private const ulong Changing = 2;

    private readonly Slot[] _slots;
    private readonly Lock[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];
    private long _forgotten;

    /// <param name="capacity">Keys, 16 bytes each; rounded up to a power of two.</param>
    public SlotTable(int capacity) =>
        _slots = new Slot[
            System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, Ways))
        ];

    /// <summary>Keys that were forgotten while their number meant something; growing: the table is too small.</summary>
    public long Forgotten => Interlocked.Read(ref _forgotten);

    /// <summary>The number of a key, to be changed by compare-and-swap; 0 for a new key. Ask again after a failed swap.</summary>
    public ref long Find(LimitKey key, long stale)
    {
        var tag = (ulong)(key.Value >> 64) | 1;
        var first = (int)((ulong)key.Value & (ulong)(_slots.Length - 1)) & ~(Ways - 1);
        var group = _slots.AsSpan(first, Ways);
        for (var i = 0; i < group.Length; i++)
        {
            if (Volatile.Read(ref group[i].Tag) == tag)
            {
                return ref group[i].Value;
            }
        }

        return ref Add(first, tag, stale);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref long Add(int first, ulong tag, long stale)
    {
        lock (_stripes[first / Ways % Stripes])
        {
            var group = _slots.AsSpan(first, Ways);
            var place = 0;
            var lowest = long.MaxValue;
            for (var i = 0; i < Ways; i++)
            {
                if (group[i].Tag == tag)
                {
                    return ref group[i].Value;
                }

                var value = group[i].Tag == 0 ? long.MinValue : Volatile.Read(ref group[i].Value);
                if (value < lowest)
                {
                    (place, lowest) = (i, value);
                }
            }

            if (lowest >= stale)
            {
                Interlocked.Increment(ref _forgotten);
            }

            ref var slot = ref group[place];
            Volatile.Write(ref slot.Tag, Changing);
            Interlocked.Exchange(ref slot.Value, 0);
            Volatile.Write(ref slot.Tag, tag);
            return ref slot.Value;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private struct Slot
    {
        public ulong Tag;
        public long Value;
    }
}
