using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Keys;

/// <summary>A key that signs tokens: ES256 or RS256 (RFC 7518 sections 3.3 and 3.4).</summary>
internal sealed class SigningKey
{
    private SigningKey(SigningKeyRow row, AsymmetricSecurityKey key, PublicKeyDocument publicKey)
    {
        Row = row;
        Key = key;
        Public = publicKey;
        Credentials = new SigningCredentials(key, row.Algorithm);
    }

    /// <summary>When it is used for what.</summary>
    public SigningKeyRow Row { get; }

    /// <summary>Both halves; never leaves the process.</summary>
    public AsymmetricSecurityKey Key { get; }

    public SigningCredentials Credentials { get; }

    /// <summary>The half that everybody may know.</summary>
    public PublicKeyDocument Public { get; }

    /// <exception cref="CryptographicException">It is no private key of that algorithm.</exception>
    public static SigningKey From(SigningKeyRow row, byte[] privateKey) =>
        row.Algorithm == SigningAlgorithms.Rs256
            ? FromRsa(row, privateKey)
            : FromPoint(row, privateKey);

    private static SigningKey FromPoint(SigningKeyRow row, byte[] privateKey)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new(
            row,
            new ECDsaSecurityKey(key) { KeyId = row.KeyId },
            new(row.KeyId, "EC", row.Algorithm)
            {
                Curve = "P-256",
                X = Base64UrlEncoder.Encode(point.X),
                Y = Base64UrlEncoder.Encode(point.Y),
            }
        );
    }

    private static SigningKey FromRsa(SigningKeyRow row, byte[] privateKey)
    {
        var key = RSA.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        var parts = key.ExportParameters(includePrivateParameters: false);
        return new(
            row,
            new RsaSecurityKey(key) { KeyId = row.KeyId },
            new(row.KeyId, "RSA", row.Algorithm)
            {
                Modulus = Base64UrlEncoder.Encode(parts.Modulus),
                Exponent = Base64UrlEncoder.Encode(parts.Exponent),
            }
        );
    }
}
