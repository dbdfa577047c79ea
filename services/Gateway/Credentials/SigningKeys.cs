using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Gateway.Credentials;

/// <summary>The public keys of an issuer at a moment.</summary>
internal sealed class SigningKeys
{
    // A set this large is a mistake or an attempt to make every check slow.
    private const int MaxKeys = 100;

    private readonly JsonWebKey[] _keys;

    private SigningKeys(JsonWebKey[] keys) => _keys = keys;

    public bool IsEmpty => _keys.Length == 0;

    /// <summary>Takes the public signing keys of a JWK set (RFC 7517 section 5); symmetric ones are never used.</summary>
    /// <exception cref="FormatException">It is no JWK set.</exception>
    public static SigningKeys Parse(string json)
    {
        try
        {
            return new([
                .. new JsonWebKeySet(json)
                    .Keys.Where(k =>
                        k.Kty
                            is JsonWebAlgorithmsKeyTypes.RSA
                                or JsonWebAlgorithmsKeyTypes.EllipticCurve
                        && k.Use is null or "" or JsonWebKeyUseNames.Sig
                    )
                    .Take(MaxKeys),
            ]);
        }
        catch (Exception e) when (e is ArgumentException or System.Text.Json.JsonException)
        {
            throw new FormatException("It is not a JWK set.", e);
        }
    }

    /// <summary>The keys that a token with this header may be signed with.</summary>
    public JsonWebKey[] Find(string? keyId, string algorithm) =>
        Array.FindAll(
            _keys,
            k =>
                (string.IsNullOrEmpty(keyId) || k.KeyId == keyId)
                && (string.IsNullOrEmpty(k.Alg) || k.Alg == algorithm)
        );
}
