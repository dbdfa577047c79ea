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

    /// <summary>Public keys that nodes sign with before or after this one, published beside it: SubjectPublicKeyInfo in base64.</summary>
    public IList<string> OtherKeys { get; } = [];

    /// <summary>How long a token is good for; 1 to 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "00:05:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(5);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (
            SigningKey is { } key
            && !IsKey(key, (ecdsa, bytes) => ecdsa.ImportPkcs8PrivateKey(bytes, out _))
        )
        {
            yield return new(
                "Must be a private key on the curve P-256, PKCS #8 in base64.",
                [nameof(SigningKey)]
            );
        }

        foreach (var (i, other) in OtherKeys.Index())
        {
            if (!IsKey(other, (ecdsa, bytes) => ecdsa.ImportSubjectPublicKeyInfo(bytes, out _)))
            {
                yield return new(
                    "Must be a public key on the curve P-256, SubjectPublicKeyInfo in base64.",
                    [$"{nameof(OtherKeys)}:{i}"]
                );
            }
        }
    }

    private static bool IsKey(string text, Action<ECDsa, byte[]> import)
    {
        try
        {
            using var key = ECDsa.Create();
            import(key, Convert.FromBase64String(text));
            return key.ExportParameters(false).Curve.Oid.Value == P256;
        }
        catch (Exception unreadable) when (unreadable is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
