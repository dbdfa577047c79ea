using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.Gateway.CallerTokens;

/// <summary>Keys on P-256 as JSON Web Keys (RFC 7517, RFC 7518 section 6.2.1).</summary>
internal static class EcJwk
{
    /// <summary>RFC 7638: SHA-256 of the members that make the key, in their order, without spaces.</summary>
    public static string Thumbprint(ECDsa key)
    {
        var (x, y) = Point(key);
        return Base64Url.EncodeToString(
            SHA256.HashData(
                Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")
            )
        );
    }

    /// <summary>A set of public keys.</summary>
    public static byte[] Set(IEnumerable<ECDsa> keys) =>
        Encoding.ASCII.GetBytes($$"""{"keys":[{{string.Join(',', keys.Select(Public))}}]}""");

    private static string Public(ECDsa key)
    {
        var (x, y) = Point(key);
        return $$"""{"kty":"EC","crv":"P-256","x":"{{x}}","y":"{{y}}","use":"sig","alg":"ES256","kid":"{{Thumbprint(key)}}"}""";
    }

    private static (string X, string Y) Point(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
    }
}
