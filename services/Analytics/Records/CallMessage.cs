namespace ApiSvc.Analytics.Records;

/// <summary>A message of the topic, read.</summary>
internal sealed class CallMessage
{
    public required int Partition { get; init; }

    /// <summary>Where the reader stood before it.</summary>
    public required long Before { get; init; }

    /// <summary>Where it stands after it.</summary>
    public required long After { get; init; }

    public required ReadOnlyMemory<byte> Value { get; init; }

    /// <summary>Why the message as a whole cannot be read; it has no calls then.</summary>
    public string? Fault { get; init; }

    public Guid SpoolId { get; init; }

    public uint Lane { get; init; }

    public long FirstSequence { get; init; }

    /// <summary>In the order of their numbers; what could not be read is missing, but has its number.</summary>
    public IReadOnlyList<ParsedCall> Calls { get; init; } = [];

    public IReadOnlyList<FaultyRecord> Faulty { get; init; } = [];

    /// <summary>How many numbers the message covers.</summary>
    public int Count => Calls.Count + Faulty.Count;

    /// <summary>The same with every record set aside: the numbers have come, the calls cannot be kept.</summary>
    public CallMessage AsFaulty(string reason) =>
        new()
        {
            Partition = Partition,
            Before = Before,
            After = After,
            Value = Value,
            SpoolId = SpoolId,
            Lane = Lane,
            FirstSequence = FirstSequence,
            Fault = Fault,
            Faulty =
            [
                .. Calls.Select(c => new FaultyRecord(
                    (int)(c.Sequence - FirstSequence),
                    reason,
                    c.Payload
                )),
                .. Faulty,
            ],
        };
}

/// <summary>A record that cannot be read.</summary>
/// <param name="Index">Its place in the message.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Payload">Its bytes.</param>
internal sealed record FaultyRecord(int Index, string Reason, ReadOnlyMemory<byte> Payload);
