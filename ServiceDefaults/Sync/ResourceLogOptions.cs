using System.ComponentModel.DataAnnotations;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>How the log of resources is kept and followed. Section <c>ResourceLog</c>.</summary>
public sealed class ResourceLogOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ResourceLog";

    /// <summary>
    /// How many generations back a follower gets changes; who is further behind gets a snapshot. 10,000.
    /// </summary>
    [Range(1, 10_000_000)]
    public int Length { get; set; } = 10_000;

    /// <summary>How often older generations and nodes that are gone are removed. 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan TrimInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Generations that commit within this time after another are sent together. 50 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10")]
    public TimeSpan Coalesce { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How often the database is asked when no notification came. 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// After how long without an update a follower is sent a heartbeat; a node is live while it was seen within
    /// three of them. 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a node whose stream ended still counts as live: it may be on its way back. 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a follower may take for one message before its stream is ended. 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a node that is gone is remembered. 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan NodeRetention { get; set; } = TimeSpan.FromDays(7);
}
