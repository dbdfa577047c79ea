using System.Globalization;
using ApiSvc.Spool.Segments;

namespace ApiSvc.Spool.Shipping;

/// <summary>Records of a lane that follow each other without a gap, as they go to Kafka.</summary>
internal sealed record Batch
{
    public required byte[] Value { get; init; }

    public required Segment Segment { get; init; }

    public required ulong FirstSequence { get; init; }

    public required int Count { get; init; }

    /// <summary>Where in the segment the next begins.</summary>
    public required int EndOffset { get; init; }

    /// <summary>When its first record was appended, Unix milliseconds.</summary>
    public required long OldestAt { get; init; }

    /// <summary>Whether there is more behind it already.</summary>
    public required bool IsFull { get; init; }

    public int Lane => Segment.Header.Lane;

    public ulong EndSequence => FirstSequence + (ulong)Count;

    /// <summary>The same in every repeat.</summary>
    public string Id =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Segment.Header.SpoolId:d}/{Lane}/{FirstSequence}"
        );
}
