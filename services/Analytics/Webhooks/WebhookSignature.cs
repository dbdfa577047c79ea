using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.Analytics.Webhooks;

/// <summary>Signs by the form of Standard Webhooks: <c>v1,</c> and the HMAC-SHA256 of <c>id.timestamp.body</c> in base64.</summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    public static string Sign(byte[] key, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        mac.AppendData(
            Encoding.UTF8.GetBytes(
                string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")
            )
        );
        mac.AppendData(body);
        return "v1," + Convert.ToBase64String(mac.GetHashAndReset());
    }
}
