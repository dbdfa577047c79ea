using System.ComponentModel.DataAnnotations;

namespace ApiSvc.ServiceDefaults.Leadership;

/// <summary>How instances agree on one leader. Section <c>Leadership</c>.</summary>
public sealed class LeaderOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Leadership";

    /// <summary>How often the others ask for the lock: how long a job rests after its leader is gone. 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Contend { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the leader asks whether its connection still lives. 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long without an answer a leader counts its connection as lost. 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan HeartbeatTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
