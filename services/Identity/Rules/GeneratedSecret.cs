using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.Identity.Rules;

/// <summary>
/// Secrets that Identity makes: 256 random bits, so a plain hash keeps them as safe as a slow one would.
/// </summary>
internal static class GeneratedSecret
{
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
