using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace ApiSvc.AppHost.Tests.Secrets;

/// <summary>The forms in which a secret may have been written down by mistake.</summary>
internal sealed class SecretForms
{
    // Shorter ones would be found by chance.
    private const int Shortest = 16;

    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private SearchValues<string>? _values;

    /// <param name="name">What the secret is, for the message: the secret itself is in none.</param>
    /// <param name="secret">The secret.</param>
    public void Add(string name, string secret)
    {
        secret.Length.ShouldBeGreaterThanOrEqualTo(Shortest, name);
        var bytes = Encoding.UTF8.GetBytes(secret);
        AddForm(secret, $"{name}, in clear");
        AddForm(Uri.EscapeDataString(secret), $"{name}, URL-encoded");
        AddForm(WebUtility.UrlEncode(secret), $"{name}, form-encoded");
        AddForm(Convert.ToHexString(bytes), $"{name}, in hexadecimal");
        AddForm(Convert.ToHexStringLower(bytes), $"{name}, in hexadecimal");
        // Within something longer it can begin at any of three places of four characters.
        for (var before = 0; before < 3; before++)
        {
            byte[] shifted = [.. new byte[before], .. bytes];
            var whole = shifted.Length / 3 * 3;
            var start = before == 0 ? 0 : 4;
            AddForm(
                Convert.ToBase64String(shifted.AsSpan(0, whole))[start..],
                $"{name}, in base64"
            );
            AddForm(
                Base64Url.EncodeToString(shifted.AsSpan(0, whole))[start..],
                $"{name}, in base64url"
            );
        }

        _values = null;
    }

    /// <summary>What of it is in a text of bytes, each read as one character.</summary>
    public IEnumerable<string> FindIn(string text)
    {
        _values ??= SearchValues.Create([.. _names.Keys], StringComparison.Ordinal);
        var found = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 0; text.AsSpan(at).IndexOfAny(_values) is >= 0 and var next; at += next + 1)
        {
            var here = text.AsSpan(at + next);
            foreach (var (form, name) in _names)
            {
                if (here.StartsWith(form, StringComparison.Ordinal))
                {
                    found.Add(name);
                }
            }
        }

        return found;
    }

    private void AddForm(string form, string name) => _names.TryAdd(form, name);
}
