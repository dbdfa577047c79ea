using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ApiSvc.ServiceDefaults.Sealing;

/// <summary>Keys by id: one is active and makes new things, all can open what they once made.</summary>
public sealed class KeyRing
{
    internal const int KeyLength = 32;
    internal const int MaxIdLength = 32;
    private readonly Dictionary<string, byte[]> _keys;

    private KeyRing(string activeId, Dictionary<string, byte[]> keys)
    {
        ActiveId = activeId;
        _keys = keys;
    }

    /// <summary>The id of the active key.</summary>
    public string ActiveId { get; }

    /// <summary>
    /// A ring of keys for one purpose, made from these by HKDF-SHA-256 (RFC 5869): what is known of one purpose's
    /// key says nothing of another's.
    /// </summary>
    /// <param name="purpose">Names the use and its version, such as <c>paging.cursor.v1</c>. Never change it.</param>
    public KeyRing Derive(string purpose)
    {
        ArgumentException.ThrowIfNullOrEmpty(purpose);
        var info = Encoding.UTF8.GetBytes(purpose);
        return new(
            ActiveId,
            _keys.ToDictionary(
                k => k.Key,
                k => HKDF.DeriveKey(HashAlgorithmName.SHA256, k.Value, KeyLength, info: info)
            )
        );
    }

    internal static KeyRing From(SealingOptions options) =>
        new(
            // Configuration keys have no case; sealed values name keys in small letters.
            options.ActiveKey.ToLowerInvariant(),
            options.Keys.ToDictionary(
                k => k.Key.ToLowerInvariant(),
                k => Convert.FromBase64String(k.Value)
            )
        );

    internal static bool IsKeyId(string id) =>
        id.Length is >= 1 and <= MaxIdLength
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    internal ReadOnlySpan<byte> ActiveKey => _keys[ActiveId];

    internal bool TryGet(string id, [NotNullWhen(true)] out byte[]? key) =>
        _keys.TryGetValue(id, out key);
}
