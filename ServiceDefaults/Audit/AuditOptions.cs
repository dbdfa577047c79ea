using System.ComponentModel.DataAnnotations;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>What <c>verify-audit</c> checks against; section <c>Audit</c>.</summary>
public sealed class AuditOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Audit";

    /// <summary>
    /// An entry as it was published, <c>POSITION:HASH</c>. Only against one is found that somebody cut the log and its head
    /// off at the end, or wrote all hashes anew.
    /// </summary>
    public string? Anchor { get; set; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!string.IsNullOrEmpty(Anchor) && !AuditAnchor.TryParse(Anchor, out _))
        {
            yield return new(
                "Must be POSITION:HASH, such as 17:… with 64 hexadecimal digits.",
                [nameof(Anchor)]
            );
        }
    }
}
