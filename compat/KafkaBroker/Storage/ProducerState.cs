namespace KafkaBroker.Storage;

/// <summary>What a partition remembers of an idempotent producer: its last batches, by which it knows a repeated one.</summary>
internal sealed class ProducerState(short epoch)
{
    // A producer has at most five requests under way.
    private const int Remembered = 5;

    private readonly Queue<SequencedBatch> _batches = new(Remembered);

    public short Epoch => epoch;

    public SequencedBatch? Last { get; private set; }

    public SequencedBatch? Find(in BatchHeader header)
    {
        foreach (var batch in _batches)
        {
            if (
                batch.FirstSequence == header.BaseSequence
                && batch.LastSequence == header.LastSequence
            )
            {
                return batch;
            }
        }

        return null;
    }

    public void Add(SequencedBatch batch)
    {
        if (_batches.Count == Remembered)
        {
            _batches.Dequeue();
        }

        _batches.Enqueue(batch);
        Last = batch;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(epoch);
        writer.Write(_batches.Count);
        foreach (var batch in _batches)
        {
            writer.Write(batch.FirstSequence);
            writer.Write(batch.LastSequence);
            writer.Write(batch.BaseOffset);
            writer.Write(batch.Timestamp);
        }
    }

    public static ProducerState Read(BinaryReader reader)
    {
        var state = new ProducerState(reader.ReadInt16());
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            state.Add(
                new(reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64())
            );
        }

        return state;
    }
}

/// <param name="Timestamp">In milliseconds since 1970.</param>
internal sealed record SequencedBatch(
    int FirstSequence,
    int LastSequence,
    long BaseOffset,
    long Timestamp
);
