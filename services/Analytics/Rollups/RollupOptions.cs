using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Analytics.Rollups;

/// <summary>How hours and days are built. Section <c>Rollups</c>.</summary>
internal sealed class RollupOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Rollups";

    /// <summary>How often it is looked for what changed. 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after its end an hour or a day is built first; until then its parts are read. 2 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Delay { get; set; } = TimeSpan.FromMinutes(2);
}
