using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Aspire.Hosting.Dashboard.Security;

/// <summary>Tokens and keys.</summary>
internal static class Secret
{
    private const int MinLength = 16;

    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string TakeOrMake(string? given, string name) =>
        given switch
        {
            null => Make(),
            { Length: < MinLength } => throw new ArgumentException(
                $"The dashboard's {name} needs at least {MinLength} characters.",
                name
            ),
            _ => given,
        };

    /// <summary>Compares in a time that does not tell how much of it was right.</summary>
    public static bool Matches(string? shown, string secret) =>
        shown is not null
        && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(shown),
            Encoding.UTF8.GetBytes(secret)
        );
}
