using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.ServiceDefaults.Sealing;

/// <summary>The keys under which secrets are stored, section <c>Sealing</c>.</summary>
public sealed class SealingOptions : IValidatableObject
{
    private const string HowTo =
        "Make a key with 'openssl rand -base64 32', give it as Sealing:Keys:<id>, and name the id here.";

    /// <summary>The id of the key that new values are sealed under.</summary>
    public string ActiveKey { get; set; } = "";

    /// <summary>
    /// Id → 32 bytes in base64. An id has 1 to 32 of a–z, 0–9 and hyphen. Keep an old key until <c>rewrap</c> has
    /// run; without it what it sealed is lost.
    /// </summary>
    [Secret]
    public IDictionary<string, string> Keys { get; } = new Dictionary<string, string>();

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(ActiveKey))
        {
            yield return new($"Must name the key to seal with. {HowTo}", [nameof(ActiveKey)]);
        }
        else if (!Keys.Keys.Contains(ActiveKey, StringComparer.OrdinalIgnoreCase))
        {
            yield return new(
                $"There is no key '{ActiveKey}' under Sealing:Keys. {HowTo}",
                [nameof(ActiveKey)]
            );
        }

        foreach (var (id, key) in Keys)
        {
            if (!KeyRing.IsKeyId(id))
            {
                yield return new(
                    "A key's id has 1 to 32 of a-z, 0-9 and hyphen.",
                    [$"{nameof(Keys)}:{id}"]
                );
            }

            if (!IsKey(key))
            {
                yield return new(
                    "Must be 32 bytes in base64, as 'openssl rand -base64 32' prints.",
                    [$"{nameof(Keys)}:{id}"]
                );
            }
        }
    }

    private static bool IsKey(string? text)
    {
        Span<byte> bytes = stackalloc byte[48];
        return text is { Length: <= 64 }
            && Convert.TryFromBase64String(text, bytes, out var length)
            && length == KeyRing.KeyLength;
    }
}
