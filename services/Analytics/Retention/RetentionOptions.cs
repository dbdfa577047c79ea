using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Analytics.Retention;

/// <summary>How long what is kept. Days of the calendar in UTC; rollups by day stay for good. Section <c>Retention</c>.</summary>
internal sealed class RetentionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Retention";

    /// <summary>Days for which single calls are kept. 14.</summary>
    [Range(1, 400)]
    public int CallDays { get; set; } = 14;

    /// <summary>Gigabytes (10^9) of single calls, indexes included: past it the oldest day goes. 100.</summary>
    [Range(1, 1_000_000)]
    public int CallGigabytes { get; set; } = 100;

    /// <summary>Days for which rollups by minute are kept; also how late a call may come. 30.</summary>
    [Range(2, 400)]
    public int MinuteDays { get; set; } = 30;

    /// <summary>Days for which rollups by hour are kept. 365.</summary>
    [Range(32, 4000)]
    public int HourDays { get; set; } = 365;

    /// <summary>Days for which what could not be read is kept. 30.</summary>
    [Range(1, 400)]
    public int SetAsideDays { get; set; } = 30;

    /// <summary>How often it is looked what is to be dropped. 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(10);
}
