using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.OAuthClients;

/// <summary>The public keys that a client signs its assertions with (RFC 7517 section 5).</summary>
internal sealed record KeySetInput
{
    [MinLength(1)]
    [MaxLength(10)]
    public required IReadOnlyList<KeyInput> Keys { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    public static KeySetInput FromJson(string json) =>
        JsonSerializer.Deserialize<KeySetInput>(json, Options)
        ?? throw new JsonException("It is null.");

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // So that a private key is refused here too.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };
}

/// <summary>A public key (RFC 7517 section 4): on P-256 (ES256), or RSA of 2048 bits or more (RS256, PS256).</summary>
/// <remarks>The members of private keys are not there, so that one that is given by mistake is refused.</remarks>
internal sealed record KeyInput : IValidatableObject
{
    private const int ShortestModulus = 2048;
    private const int LongestModulus = 8192;

    [AllowedValues("EC", "RSA", ErrorMessage = "Must be EC or RSA.")]
    public required string Kty { get; init; }

    [StringLength(200)]
    public string? Kid { get; init; }

    [AllowedValues("sig", null, ErrorMessage = "Must be sig.")]
    public string? Use { get; init; }

    [AllowedValues(
        "ES256",
        "RS256",
        "PS256",
        null,
        ErrorMessage = "Must be ES256, RS256 or PS256."
    )]
    public string? Alg { get; init; }

    [AllowedValues("P-256", null, ErrorMessage = "Must be P-256.")]
    public string? Crv { get; init; }

    [StringLength(100)]
    public string? X { get; init; }

    [StringLength(100)]
    public string? Y { get; init; }

    [StringLength(LongestModulus / 4)]
    public string? N { get; init; }

    [StringLength(100)]
    public string? E { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsUsable())
        {
            yield return new(
                $"Must be the public part of a key on P-256 (crv, x, y) or of an RSA key of {ShortestModulus} to {LongestModulus} bits (n, e)."
            );
        }
    }

    private bool IsUsable()
    {
        try
        {
            return Kty == "EC" ? IsPoint() : IsModulus();
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return false;
        }
    }

    private bool IsPoint()
    {
        if (Crv is null || X is null || Y is null || N is not null || E is not null)
        {
            return false;
        }

        // The import says whether the point is on the curve.
        using var key = ECDsa.Create(
            new ECParameters
            {
                Curve = ECCurve.NamedCurves.nistP256,
                Q = { X = Base64UrlEncoder.DecodeBytes(X), Y = Base64UrlEncoder.DecodeBytes(Y) },
            }
        );
        return true;
    }

    private bool IsModulus()
    {
        if (N is null || E is null || Crv is not null || X is not null || Y is not null)
        {
            return false;
        }

        using var key = RSA.Create(
            new RSAParameters
            {
                Modulus = Base64UrlEncoder.DecodeBytes(N),
                Exponent = Base64UrlEncoder.DecodeBytes(E),
            }
        );
        return key.KeySize is >= ShortestModulus and <= LongestModulus;
    }
}
