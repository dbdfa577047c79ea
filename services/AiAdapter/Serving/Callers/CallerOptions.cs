using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Configuration;

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
            if (!P256Keys.IsKey(P256Keys.ReadPublic, text))
            {
                yield return new(
                    "Must be a public key on the curve P-256, SubjectPublicKeyInfo in base64.",
                    [$"{nameof(PublicKeys)}:{i}"]
                );
            }
        }
    }
}
