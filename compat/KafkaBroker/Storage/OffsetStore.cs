namespace KafkaBroker.Storage;

/// <summary>The offsets that groups committed.</summary>
internal sealed class OffsetStore : IDisposable
{
    // The journal is written anew when it has this many entries, and most of them are superseded.
    private const int Worthwhile = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<OffsetKey, CommittedOffset> _offsets = [];
    private readonly Journal _journal;
    private int _entries;

    public OffsetStore(string dataFolder)
    {
        _journal = new(Path.Combine(dataFolder, "offsets.journal"), Replay);
    }

    /// <exception cref="IOException">It could not be written; what was committed before holds.</exception>
    public void Commit(IReadOnlyList<(OffsetKey Key, CommittedOffset Value)> offsets)
    {
        lock (_gate)
        {
            // One entry: a commit holds whole or not at all.
            _journal.Append(writer => Write(writer, offsets));
            Apply(offsets);
            Compact();
        }
    }

    public CommittedOffset? Find(OffsetKey key)
    {
        lock (_gate)
        {
            return _offsets.GetValueOrDefault(key);
        }
    }

    public IReadOnlyList<(OffsetKey Key, CommittedOffset Value)> OfGroup(string group)
    {
        lock (_gate)
        {
            return
            [
                .. _offsets
                    .Where(entry => entry.Key.Group == group)
                    .Select(entry => (entry.Key, entry.Value)),
            ];
        }
    }

    /// <summary>Forgets what groups committed for a topic: one created later with its name starts anew.</summary>
    public void ForgetTopic(string topic)
    {
        lock (_gate)
        {
            var gone = _offsets.Keys.Where(key => key.Topic == topic).ToList();
            if (gone.Count > 0)
            {
                Commit([.. gone.Select(key => (key, CommittedOffset.None))]);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _journal.Dispose();
        }
    }

    private void Compact()
    {
        if (_entries > Worthwhile && _entries > 4 * _offsets.Count)
        {
            _journal.Replace(
                _offsets.Select(entry =>
                    (Action<BinaryWriter>)(writer => Write(writer, [(entry.Key, entry.Value)]))
                )
            );
            _entries = _offsets.Count;
        }
    }

    private void Apply(IReadOnlyList<(OffsetKey Key, CommittedOffset Value)> offsets)
    {
        _entries += offsets.Count;
        foreach (var (key, value) in offsets)
        {
            if (value == CommittedOffset.None)
            {
                _offsets.Remove(key);
            }
            else
            {
                _offsets[key] = value;
            }
        }
    }

    private void Replay(BinaryReader reader)
    {
        var offsets = new List<(OffsetKey, CommittedOffset)>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            offsets.Add(
                (
                    new(reader.ReadString(), reader.ReadString(), reader.ReadInt32()),
                    new(reader.ReadInt64(), reader.ReadInt32(), reader.ReadString())
                )
            );
        }

        Apply(offsets);
    }

    private static void Write(
        BinaryWriter writer,
        IReadOnlyList<(OffsetKey Key, CommittedOffset Value)> offsets
    )
    {
        writer.Write(offsets.Count);
        foreach (var (key, value) in offsets)
        {
            writer.Write(key.Group);
            writer.Write(key.Topic);
            writer.Write(key.Partition);
            writer.Write(value.Offset);
            writer.Write(value.LeaderEpoch);
            writer.Write(value.Metadata);
        }
    }
}

internal sealed record OffsetKey(string Group, string Topic, int Partition);

internal sealed record CommittedOffset(long Offset, int LeaderEpoch, string Metadata)
{
    /// <summary>Stands for a commit that is taken back.</summary>
    public static readonly CommittedOffset None = new(-1, -1, "");
}
