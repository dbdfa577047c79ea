using KafkaBroker.Protocol;

namespace KafkaBroker.Storage;

/// <summary>The idempotent producers of a partition. Its partition guards it.</summary>
internal sealed class ProducerStates
{
    private Dictionary<long, ProducerState> _states = [];

    /// <summary>Whether a batch may be appended.</summary>
    /// <param name="duplicateOf">The offset at which the log has it already.</param>
    public ErrorCode Check(in BatchHeader header, out long? duplicateOf)
    {
        duplicateOf = null;

        // A producer not known here may start anywhere: retention may have taken what was known of it.
        if (header.ProducerId < 0 || !_states.TryGetValue(header.ProducerId, out var state))
        {
            return ErrorCode.None;
        }

        if (header.ProducerEpoch != state.Epoch)
        {
            return header.ProducerEpoch < state.Epoch ? ErrorCode.InvalidProducerEpoch
                : header.BaseSequence == 0 ? ErrorCode.None
                : ErrorCode.OutOfOrderSequenceNumber;
        }

        if (state.Find(header) is { } known)
        {
            duplicateOf = known.BaseOffset;
            return ErrorCode.None;
        }

        var expected = (int)(((long)state.Last!.LastSequence + 1) & int.MaxValue);
        return header.BaseSequence == expected
            ? ErrorCode.None
            : ErrorCode.OutOfOrderSequenceNumber;
    }

    /// <summary>Remembers a batch that was appended.</summary>
    public void Add(in BatchHeader header)
    {
        if (header.ProducerId < 0)
        {
            return;
        }

        if (
            !_states.TryGetValue(header.ProducerId, out var state)
            || state.Epoch != header.ProducerEpoch
        )
        {
            _states[header.ProducerId] = state = new(header.ProducerEpoch);
        }

        state.Add(
            new(header.BaseSequence, header.LastSequence, header.BaseOffset, header.MaxTimestamp)
        );
    }

    /// <summary>Forgets producers whose last batch is older, in milliseconds since 1970.</summary>
    public void Expire(long olderThan)
    {
        foreach (var (id, state) in _states)
        {
            if (state.Last!.Timestamp < olderThan)
            {
                _states.Remove(id);
            }
        }
    }

    public void Save(string path) =>
        CheckedFile.Write(
            path,
            writer =>
            {
                writer.Write(_states.Count);
                foreach (var (id, state) in _states)
                {
                    writer.Write(id);
                    state.Write(writer);
                }
            }
        );

    public bool TryLoad(string path)
    {
        using var reader = CheckedFile.TryRead(path);
        if (reader is null)
        {
            return false;
        }

        var count = reader.ReadInt32();
        _states = new(count);
        for (; count > 0; count--)
        {
            _states.Add(reader.ReadInt64(), ProducerState.Read(reader));
        }

        return true;
    }
}
