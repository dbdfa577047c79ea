namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>The metrics at one moment, by their Prometheus names.</summary>
internal sealed record Snapshot(IReadOnlyList<Label> Target, IReadOnlyList<Family> Families);

/// <summary>The samples of one name.</summary>
/// <param name="Name">The name without the suffix of its kind.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Total">What a counter's samples end in.</param>
/// <param name="Unit">The unit in words, or none.</param>
/// <param name="Help">The description, or an empty text.</param>
/// <param name="Samples">The samples, those of a histogram already spread.</param>
internal sealed record Family(
    string Name,
    FamilyKind Kind,
    string Total,
    string? Unit,
    string Help,
    List<Sample> Samples
);

internal enum FamilyKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <param name="Suffix">What follows the family's name: <c>_bucket</c>, <c>_sum</c>, <c>_count</c>, or nothing.</param>
/// <param name="Labels">The labels, names already sanitised.</param>
/// <param name="Value">The number as it is written.</param>
internal sealed record Sample(string Suffix, IReadOnlyList<Label> Labels, string Value);

internal readonly record struct Label(string Name, string Value);
