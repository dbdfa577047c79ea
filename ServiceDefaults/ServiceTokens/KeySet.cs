using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>The issuer's public keys at a moment.</summary>
internal sealed class KeySet
{
    private readonly SecurityKey[] _all;

    private KeySet(SecurityKey[] keys, DateTimeOffset readAt)
    {
        _all = keys;
        ReadAt = readAt;
    }

    public DateTimeOffset ReadAt { get; }

    public bool IsEmpty => _all.Length == 0;

    /// <summary>Takes the public signing keys of a set (RFC 7517); symmetric keys in it are never used.</summary>
    public static KeySet Parse(string json, DateTimeOffset readAt) =>
        new(
            [
                .. new JsonWebKeySet(json).Keys.Where(k =>
                    k.Kty
                        is JsonWebAlgorithmsKeyTypes.RSA
                            or JsonWebAlgorithmsKeyTypes.EllipticCurve
                    && k.Use is null or "" or JsonWebKeyUseNames.Sig
                ),
            ],
            readAt
        );

    public IReadOnlyList<SecurityKey> Find(string? keyId) =>
        keyId is null ? _all : Array.FindAll(_all, k => k.KeyId == keyId);
}
