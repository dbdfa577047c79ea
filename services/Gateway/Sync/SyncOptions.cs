using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Gateway.Sync;

/// <summary>How logs are followed. Section <c>Sync</c>.</summary>
internal sealed class SyncOptions
{
    public const string Section = "Sync";

    /// <summary>The longest pause between tries to connect. 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After how long without a message, heartbeats included, a stream counts as dead. 35 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan Silence { get; set; } = TimeSpan.FromSeconds(35);

    /// <summary>How long the other side may take for an acknowledgement. 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan AcknowledgeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often Identity is told which API keys were used, and so how exact that is. One minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan KeyUseInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>When a state that was refused as a whole is tried again, if no newer one comes. 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan RetryRefused { get; set; } = TimeSpan.FromSeconds(30);
}
