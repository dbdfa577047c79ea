using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Catalog.Versions;

/// <summary>Rules of the platform on the life of versions, section <c>Lifecycle</c>.</summary>
internal sealed class LifecycleOptions
{
    public const string Section = "Lifecycle";

    /// <summary>How long before a version's end its subscribers know of it, 0 to 3 years. 30 days unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1096.00:00:00")]
    public TimeSpan NoticePeriod { get; set; } = TimeSpan.FromDays(30);
}
