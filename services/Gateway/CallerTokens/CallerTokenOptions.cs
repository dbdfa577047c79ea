using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.Gateway.CallerTokens;

/// <summary>How the gateway tells upstreams who calls; section <c>CallerTokens</c>.</summary>
internal sealed class CallerTokenOptions : IValidatableObject
{
    public const string Section = "CallerTokens";

    /// <summary>
    /// Private key on the curve P-256: PKCS #8 in base64. The same for all nodes. Without one, APIs that need such tokens are set
    /// aside.
    /// </summary>
    [Secret]
    public string? SigningKey { get; set; }

    /// <summary>How long a token is good for; 1 to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "00:05:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (SigningKey is { } key && !P256Keys.IsKey(P256Keys.ReadPrivate, key))
        {
            yield return new(
                "Must be a private key on the curve P-256, PKCS #8 in base64.",
                [nameof(SigningKey)]
            );
        }
    }
}
