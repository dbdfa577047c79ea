using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Spool;

/// <summary>Where records wait for Kafka. Section <c>Spool</c>.</summary>
public sealed class SpoolOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Spool";

    /// <summary>A folder of this process alone, made if it is not there; relative to the content root. <c>spool</c>.</summary>
    [Required]
    public string Folder { get; set; } = "spool";

    /// <summary>The length of a file. Each lane holds two, one of them in use, in memory. 16 MiB.</summary>
    [Range(1 << 20, 1 << 30)]
    public int SegmentBytes { get; set; } = 16 << 20;

    /// <summary>What all files take together at most; past it the oldest is dropped. 10 GiB.</summary>
    [Range(1L << 20, 1L << 50)]
    public long MaxBytes { get; set; } = 10L << 30;

    /// <summary>How many threads can append without meeting each other. One per processor, up to 16.</summary>
    [Range(1, 256)]
    public int Lanes { get; set; } = Math.Min(Environment.ProcessorCount, 16);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var least = ((2L * Lanes) + 1) * SegmentBytes;
        if (MaxBytes < least)
        {
            yield return new(
                $"Must hold two segments of each lane and one more: at least {least} bytes, or smaller segments, or fewer lanes.",
                [nameof(MaxBytes)]
            );
        }
    }
}
