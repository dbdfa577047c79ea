using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Spool.Shipping;

/// <summary>How records go to Kafka. Section <c>Shipping</c>.</summary>
public sealed class ShippingOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Shipping";

    /// <summary>The topic; the service's own unless set.</summary>
    [Required]
    public string Topic { get; set; } = "";

    /// <summary>The longest message, 4 KiB to 256 KiB; a longer record goes alone. 256 KiB.</summary>
    [Range(4 << 10, LargestBatch)]
    public int BatchBytes { get; set; } = LargestBatch;

    /// <summary>How long a record waits for others to go with. 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan BatchInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause between tries while Kafka is away. 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long stopping waits for Kafka to take what is left; the rest stays for the next process. 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    internal const int LargestBatch = 256 << 10;
}
