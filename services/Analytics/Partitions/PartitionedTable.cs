using System.Globalization;

namespace ApiSvc.Analytics.Partitions;

/// <summary>A table that is partitioned by time.</summary>
/// <param name="Name">Its name.</param>
/// <param name="ByMonth">A partition a month instead of one a day.</param>
internal sealed record PartitionedTable(string Name, bool ByMonth = false)
{
    public static PartitionedTable Call { get; } = new("call");

    public static IReadOnlyList<PartitionedTable> Minutes { get; } =
    [
        new("api_minute"),
        new("application_minute"),
        new("summary_minute"),
        new("provider_minute"),
        new("model_minute"),
    ];

    public static IReadOnlyList<PartitionedTable> Hours { get; } =
    [
        new("api_hour", ByMonth: true),
        new("application_hour", ByMonth: true),
        new("summary_hour", ByMonth: true),
        new("provider_hour", ByMonth: true),
        new("model_hour", ByMonth: true),
    ];

    /// <summary>All that calls are written to.</summary>
    public static IReadOnlyList<PartitionedTable> OfCalls { get; } = [Call, .. Minutes];

    private string Format => ByMonth ? "yyyyMM" : "yyyyMMdd";

    /// <summary>The partition in which a time lies.</summary>
    public string PartitionAt(DateTime time) =>
        $"{Name}_{time.ToString(Format, CultureInfo.InvariantCulture)}";

    public DateTime StartOf(DateTime time) =>
        ByMonth ? new(time.Year, time.Month, 1, 0, 0, 0, DateTimeKind.Utc) : time.Date;

    public DateTime EndOf(DateTime time) =>
        ByMonth ? StartOf(time).AddMonths(1) : time.Date.AddDays(1);

    /// <summary>When a partition begins, by its name; null for what is none of this table's.</summary>
    public DateTime? StartOf(string partition) =>
        partition.StartsWith(Name + "_", StringComparison.Ordinal)
        && DateTime.TryParseExact(
            partition.AsSpan(Name.Length + 1),
            Format,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var start
        )
            ? start
            : null;
}
