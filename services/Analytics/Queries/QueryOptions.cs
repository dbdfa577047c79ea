using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Analytics.Queries;

/// <summary>What a query may cost. Section <c>Queries</c>.</summary>
internal sealed class QueryOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Queries";

    /// <summary>The longest that a statement may take; then the query is refused. 20 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Days over which numbers are counted from single calls, where no rollup has them. 7.</summary>
    [Range(1, 400)]
    public int CountedDays { get; set; } = 7;

    /// <summary>How long a search looks back before it gives what it has, and a cursor to go on. 2 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan SearchTime { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The most calls of an export. 1,000,000.</summary>
    [Range(1, 100_000_000)]
    public int ExportCalls { get; set; } = 1_000_000;

    /// <summary>How long a live view lasts: then the client opens it anew, with a token of then. 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan TailTime { get; set; } = TimeSpan.FromMinutes(5);
}
