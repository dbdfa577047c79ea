using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Keys;

/// <summary>A key that signs tokens: ES256 (RFC 7518 section 3.4).</summary>
internal sealed class SigningKey
{
    public const string Algorithm = SecurityAlgorithms.EcdsaSha256;

    private SigningKey(Guid id, ECDsa key)
    {
        Key = new ECDsaSecurityKey(key) { KeyId = id.ToString("N") };
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        Public = new PublicKeyDocument(
            Key.KeyId,
            Base64UrlEncoder.Encode(point.X),
            Base64UrlEncoder.Encode(point.Y)
        );
    }

    /// <summary>Both halves; never leaves the process.</summary>
    public ECDsaSecurityKey Key { get; }

    /// <summary>The half that everybody may know.</summary>
    public PublicKeyDocument Public { get; }

    /// <summary>Makes the private key of a new one, as PKCS #8.</summary>
    public static byte[] NewPrivateKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return key.ExportPkcs8PrivateKey();
    }

    public static SigningKey From(Guid id, byte[] privateKey)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(privateKey, out _);
        return new SigningKey(id, key);
    }
}
