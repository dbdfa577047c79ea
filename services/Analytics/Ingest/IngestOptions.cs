using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Analytics.Ingest;

/// <summary>How calls are taken in. Section <c>Ingest</c>.</summary>
internal sealed class IngestOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Ingest";

    /// <summary>The topic. apisvc.calls.</summary>
    [Required]
    public string Topic { get; set; } = "apisvc.calls";

    /// <summary>The consumer group, by which instances share the partitions. analytics.</summary>
    [Required]
    public string Group { get; set; } = "analytics";

    /// <summary>After so many calls a batch is full. 20,000.</summary>
    [Range(1, 200_000)]
    public int BatchCalls { get; set; } = 20_000;

    /// <summary>How long a batch waits for more. 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>After how long without a sign an instance's partitions go to others. 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
