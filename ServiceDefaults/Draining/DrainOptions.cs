using System.ComponentModel.DataAnnotations;

namespace ApiSvc.ServiceDefaults.Draining;

/// <summary>How a process shuts down; section <c>Draining</c>.</summary>
public sealed class DrainOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Draining";

    /// <summary>
    /// How long the service answers on while unready, so that load balancers notice. 0 to 5 minutes; 5 seconds,
    /// in Development 0.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long calls under way may take to finish after that, 0 to one hour.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);
}
