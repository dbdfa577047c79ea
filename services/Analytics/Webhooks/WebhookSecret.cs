using System.Security.Cryptography;

namespace ApiSvc.Analytics.Webhooks;

/// <summary>Keys that webhooks are signed with, as Standard Webhooks writes them: <c>whsec_</c> and base64.</summary>
internal static class WebhookSecret
{
    private const string Prefix = "whsec_";

    // The specification asks for 24 to 64.
    private const int Length = 32;

    public static string New() =>
        Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length));

    /// <exception cref="FormatException">It is none.</exception>
    public static byte[] KeyOf(string secret) =>
        secret.StartsWith(Prefix, StringComparison.Ordinal)
            ? Convert.FromBase64String(secret[Prefix.Length..])
            : throw new FormatException("A webhook secret starts with whsec_.");
}
