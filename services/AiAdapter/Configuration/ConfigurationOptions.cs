using System.ComponentModel.DataAnnotations;

namespace ApiSvc.AiAdapter.Configuration;

/// <summary>How the configuration is followed; section <c>Configuration</c>.</summary>
internal sealed class ConfigurationOptions
{
    public const string Section = "Configuration";

    /// <summary>A burst of changes is read once in this time.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan Coalesce { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>All of it is read again this often, whatever was heard; prices that begin with a day become valid by it.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan Refresh { get; set; } = TimeSpan.FromMinutes(1);
}
