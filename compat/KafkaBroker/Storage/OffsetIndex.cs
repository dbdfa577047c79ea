namespace KafkaBroker.Storage;

/// <summary>Where in a segment some of its batches start: one in each 4 KiB or so.</summary>
internal sealed class OffsetIndex
{
    private const int Spacing = 4096;

    private readonly List<(long Offset, long Position)> _entries = [];

    public void Add(long offset, long position)
    {
        if (_entries.Count == 0 || position - _entries[^1].Position >= Spacing)
        {
            _entries.Add((offset, position));
        }
    }

    /// <returns>The start of a batch at or before the one with <paramref name="offset"/>.</returns>
    public long FloorOfOffset(long offset)
    {
        var after = FirstAfter(entry => entry.Offset > offset);
        return after == 0 ? 0 : _entries[after - 1].Position;
    }

    /// <returns>The last known start of a batch at or before <paramref name="position"/>.</returns>
    public long FloorOfPosition(long position)
    {
        var after = FirstAfter(entry => entry.Position > position);
        return after == 0 ? 0 : _entries[after - 1].Position;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_entries.Count);
        foreach (var (offset, position) in _entries)
        {
            writer.Write(offset);
            writer.Write(position);
        }
    }

    public static OffsetIndex Read(BinaryReader reader)
    {
        var index = new OffsetIndex();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            index._entries.Add((reader.ReadInt64(), reader.ReadInt64()));
        }

        return index;
    }

    private int FirstAfter(Predicate<(long Offset, long Position)> isAfter)
    {
        var (low, high) = (0, _entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (isAfter(_entries[middle]))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }
}
