namespace ApiSvc.Analytics.Rollups;

/// <summary>
/// How many calls were how slow. Histograms add up: of minutes to hours, of instances to the whole, without loss. Kept and
/// stored sparsely; stored as pairs of varints: steps from bucket to bucket (the first from -1), and counts.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>
    /// Stands between stored histograms that follow each other, which are so one that adds them up: no step is 0.
    /// </summary>
    public const byte Separator = 0;

    private const int ManyBytes = 1024;

    private ushort[] _buckets = [];
    private long[] _counts = [];
    private int _used;

    /// <summary>How many calls are in it.</summary>
    public long Count { get; private set; }

    public void Add(long latencyUs) => Add(LatencyBuckets.Index(latencyUs), 1);

    public void Add(int bucket, long count)
    {
        Count += count;
        var at = Array.BinarySearch(_buckets, 0, _used, (ushort)bucket);
        if (at >= 0)
        {
            _counts[at] += count;
            return;
        }

        Insert(~at, (ushort)bucket, count);
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < other._used; i++)
        {
            Add(other._buckets[i], other._counts[i]);
        }
    }

    /// <summary>Adds one that was stored, or several with a <see cref="Separator"/> between them.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public void Add(ReadOnlySpan<byte> stored)
    {
        // Many that were added up hit the same buckets again and again: their place is looked for once then.
        Span<long> sums = stored.Length < ManyBytes ? [] : stackalloc long[LatencyBuckets.Count];
        sums.Clear();
        var bucket = -1L;
        for (var at = 0; at < stored.Length; )
        {
            var step = (long)Varint(stored, ref at);
            if (step == Separator)
            {
                bucket = -1;
                continue;
            }

            bucket += step;
            var count = (long)Varint(stored, ref at);
            if (bucket is < 0 or > ushort.MaxValue || count < 0)
            {
                throw new FormatException("A stored histogram is damaged.");
            }

            if (bucket < sums.Length)
            {
                sums[(int)bucket] += count;
            }
            else
            {
                Add((int)bucket, count);
            }
        }

        for (var i = 0; i < sums.Length; i++)
        {
            if (sums[i] > 0)
            {
                Add(i, sums[i]);
            }
        }
    }

    /// <summary>The latency that a share of the calls did not exceed, within one percent.</summary>
    /// <param name="percentile">Over 0, up to 100.</param>
    /// <returns>Microseconds; 0 without calls.</returns>
    public double Percentile(double percentile)
    {
        if (Count == 0)
        {
            return 0;
        }

        // The nearest rank: the smallest of which at least that share is not greater.
        var rank = Math.Max(1, (long)Math.Ceiling(percentile / 100 * Count));
        var seen = 0L;
        for (var i = 0; i < _used; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return LatencyBuckets.Value(_buckets[i]);
            }
        }

        return LatencyBuckets.Value(_buckets[_used - 1]);
    }

    public byte[] ToBytes()
    {
        // A step has up to 3 bytes, a count up to 9.
        var bytes = new byte[_used * 12];
        var length = 0;
        var last = -1;
        for (var i = 0; i < _used; i++)
        {
            Write((ulong)(_buckets[i] - last), bytes, ref length);
            Write((ulong)_counts[i], bytes, ref length);
            last = _buckets[i];
        }

        return bytes[..length];
    }

    private void Insert(int at, ushort bucket, long count)
    {
        if (_used == _buckets.Length)
        {
            var room = Math.Max(4, _used * 2);
            Array.Resize(ref _buckets, room);
            Array.Resize(ref _counts, room);
        }

        Array.Copy(_buckets, at, _buckets, at + 1, _used - at);
        Array.Copy(_counts, at, _counts, at + 1, _used - at);
        _buckets[at] = bucket;
        _counts[at] = count;
        _used++;
    }

    private static void Write(ulong value, byte[] bytes, ref int length)
    {
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }

        bytes[length++] = (byte)value;
    }

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && at < bytes.Length; shift += 7)
        {
            var b = bytes[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        throw new FormatException("A stored histogram is damaged.");
    }
}
