using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.Gateway.CallerTokens;

/// <summary>Names of keys on P-256 (RFC 7518 section 6.2.1).</summary>
internal static class EcJwk
{
    /// <summary>RFC 7638: SHA-256 of the members that make the key, in their order, without spaces.</summary>
    public static string Thumbprint(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        return Base64Url.EncodeToString(
            SHA256.HashData(
                Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")
            )
        );
    }
}
