using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;

namespace ApiSvc.AiAdapter.Serving.Callers;

/// <summary>Whom calls are taken from; section <c>Callers</c>.</summary>
internal sealed class CallerOptions : IValidatableObject
{
    public const string Section = "Callers";

    /// <summary>
    /// Public keys of the gateways, on the curve P-256: SubjectPublicKeyInfo in base64. Two of them while a key is changed. Without
    /// any, no model can be called.
    /// </summary>
    public IList<string> PublicKeys { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (i, text) in PublicKeys.Index())
        {
            if (!IsKey(text))
            {
                yield return new(
                    "Must be a public key on the curve P-256, SubjectPublicKeyInfo in base64.",
                    [$"{nameof(PublicKeys)}:{i}"]
                );
            }
        }
    }

    private static bool IsKey(string text)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportSubjectPublicKeyInfo(Convert.FromBase64String(text), out _);
            return key.KeySize == 256;
        }
        catch (Exception unreadable) when (unreadable is FormatException or CryptographicException)
        {
            return false;
        }
    }
}
