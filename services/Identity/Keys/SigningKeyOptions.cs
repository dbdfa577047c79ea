using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Identity.Keys;

/// <summary>The life of signing keys; section <c>SigningKeys</c>.</summary>
internal sealed class SigningKeyOptions
{
    public const string Section = "SigningKeys";

    /// <summary>How long a key signs, one hour to two years. 30 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "730.00:00:00")]
    public TimeSpan RotateEvery { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How long a key is published before it signs: longer than anybody keeps a key set without asking again. Up to 30
    /// days; one hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan PublishAhead { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long a key is still published when the next one signs: longer than tokens live, which is an hour at most, and
    /// as long as an ID token should be good as a hint for signing out. Two hours to two years; seven days.
    /// </summary>
    [Range(typeof(TimeSpan), "02:00:00", "730.00:00:00")]
    public TimeSpan KeepRetired { get; set; } = TimeSpan.FromDays(7);
}
