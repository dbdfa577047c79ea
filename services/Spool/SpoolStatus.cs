namespace ApiSvc.Spool;

/// <summary>How a spool stands.</summary>
public sealed record SpoolStatus
{
    /// <summary>Records that were appended since the start.</summary>
    public required long Appended { get; init; }

    /// <summary>Records that Kafka has taken since the start.</summary>
    public required long Shipped { get; init; }

    /// <summary>Records for which there was no room: the disk is full, or new files were not made in time.</summary>
    public required long DroppedForRoom { get; init; }

    /// <summary>Records that were the oldest when the spool reached its bound.</summary>
    public required long DroppedForBound { get; init; }

    /// <summary>Records that could not be read any more.</summary>
    public required long Corrupted { get; init; }

    /// <summary>Records that Kafka does not take, whatever is tried.</summary>
    public required long Rejected { get; init; }

    /// <summary>Bytes on the disk.</summary>
    public required long Bytes { get; init; }

    /// <summary>When the oldest record that Kafka does not have was appended; null where there is none.</summary>
    public required DateTimeOffset? OldestAt { get; init; }

    /// <summary>When records were last lost; null if never since the start.</summary>
    public required DateTimeOffset? LostAt { get; init; }

    /// <summary>Why no file can be made; null while they can.</summary>
    public required string? Failure { get; init; }

    /// <summary>Records lost, for whatever reason.</summary>
    public long Lost => DroppedForRoom + DroppedForBound + Corrupted + Rejected;
}
