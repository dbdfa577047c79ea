using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>
/// Ids of tool calls in the alphabet a provider takes. The same id always becomes the same, so calls and
/// results still find each other.
/// </summary>
internal static class ToolIds
{
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Letters, digits, <c>_</c> and <c>-</c>, at most 64.</summary>
    public static string Plain(string id)
    {
        if (id.Length is > 0 and <= 64 && id.All(IsPlain))
        {
            return id;
        }

        var cleaned = new string([.. id.Take(48).Select(c => IsPlain(c) ? c : '_')]);
        return $"{cleaned}_{Hashed(id, 12)}";
    }

    /// <summary>Exactly nine letters and digits.</summary>
    public static string Nine(string id) =>
        id.Length == 9 && id.All(char.IsAsciiLetterOrDigit) ? id : Hashed(id, 9);

    private static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    private static string Hashed(string id, int length)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return string.Create(
            length,
            hash,
            static (text, hash) =>
            {
                for (var i = 0; i < text.Length; i++)
                {
                    text[i] = Letters[hash[i] % Letters.Length];
                }
            }
        );
    }
}
