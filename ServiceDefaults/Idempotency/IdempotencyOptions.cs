using System.ComponentModel.DataAnnotations;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>How long answers to requests with an <c>Idempotency-Key</c> are kept. Section <c>Idempotency</c>.</summary>
public sealed class IdempotencyOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Idempotency";

    /// <summary>For how long a repeat gets the first answer. 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How often expired answers are deleted. 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest request body with a key, in bytes. 8 MiB.</summary>
    [Range(0, 1 << 30)]
    public int LongestBody { get; set; } = 8 << 20;
}
