using System.Globalization;

namespace KafkaBroker.Storage;

/// <summary>A topic's settings, with the names and defaults that Kafka gives them.</summary>
/// <param name="RetentionMs">Segments whose newest record is older are deleted; -1 for never.</param>
/// <param name="RetentionBytes">Oldest segments are deleted while a partition has more; -1 for no limit.</param>
/// <param name="SegmentBytes">A segment that would become larger is closed and the next begun.</param>
/// <param name="MaxMessageBytes">The largest batch that is taken.</param>
internal sealed record TopicConfig(
    long RetentionMs = 604_800_000,
    long RetentionBytes = -1,
    long SegmentBytes = 268_435_456,
    int MaxMessageBytes = 1_048_588
)
{
    public static readonly TopicConfig Default = new();

    /// <summary>What other settings are here, and cannot be otherwise.</summary>
    public static readonly IReadOnlyDictionary<string, string> Fixed = new Dictionary<
        string,
        string
    >
    {
        ["cleanup.policy"] = "delete",
        ["compression.type"] = "producer",
        ["message.timestamp.type"] = "CreateTime",
        ["min.insync.replicas"] = "1",
    };

    public IReadOnlyDictionary<string, string> Values =>
        new Dictionary<string, string>
        {
            ["retention.ms"] = RetentionMs.ToString(CultureInfo.InvariantCulture),
            ["retention.bytes"] = RetentionBytes.ToString(CultureInfo.InvariantCulture),
            ["segment.bytes"] = SegmentBytes.ToString(CultureInfo.InvariantCulture),
            ["max.message.bytes"] = MaxMessageBytes.ToString(CultureInfo.InvariantCulture),
        };

    /// <param name="error">What is wrong, naming the setting; null if nothing is.</param>
    public TopicConfig With(string name, string? value, out string? error)
    {
        error = null;
        if (Fixed.TryGetValue(name, out var only))
        {
            error = value == only ? null : $"{name} can only be {only} here.";
            return this;
        }

        var (min, max) = name switch
        {
            "retention.ms" or "retention.bytes" => (-1, long.MaxValue),
            "segment.bytes" => (1024, int.MaxValue),
            "max.message.bytes" => (BatchHeader.Bytes, int.MaxValue),
            _ => (0L, -1L),
        };
        if (max < min)
        {
            error = $"This broker does not have the setting {name}.";
            return this;
        }

        if (
            !long.TryParse(value, CultureInfo.InvariantCulture, out var number)
            || number < min
            || number > max
        )
        {
            error = $"{name} has to be a number from {min} to {max}, and is '{value}'.";
            return this;
        }

        return name switch
        {
            "retention.ms" => this with { RetentionMs = number },
            "retention.bytes" => this with { RetentionBytes = number },
            "segment.bytes" => this with { SegmentBytes = number },
            _ => this with { MaxMessageBytes = (int)number },
        };
    }
}
