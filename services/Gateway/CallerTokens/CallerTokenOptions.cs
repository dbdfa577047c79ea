using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.Gateway.CallerTokens;

/// <summary>How the gateway tells upstreams who calls; section <c>CallerTokens</c>.</summary>
internal sealed class CallerTokenOptions : IValidatableObject
{
    public const string Section = "CallerTokens";

    private const string P256 = "1.2.840.10045.3.1.7";

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
        if (SigningKey is { } key && !IsKey(key))
        {
            yield return new(
                "Must be a private key on the curve P-256, PKCS #8 in base64.",
                [nameof(SigningKey)]
            );
        }
    }

    private static bool IsKey(string text)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportPkcs8PrivateKey(Convert.FromBase64String(text), out _);
            return key.ExportParameters(false).Curve.Oid.Value == P256;
        }
        catch (Exception unreadable) when (unreadable is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
