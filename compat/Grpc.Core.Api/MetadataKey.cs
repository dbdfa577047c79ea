using System.Buffers;

namespace Grpc.Core;

/// <summary>The rules for keys of metadata.</summary>
internal static class MetadataKey
{
    private static readonly SearchValues<char> Valid = SearchValues.Create(
        "0123456789abcdefghijklmnopqrstuvwxyz_-."
    );

    public static bool IsBinary(string key) =>
        key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase);

    public static string Normalize(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length > 0 && !key.AsSpan().ContainsAnyExcept(Valid))
        {
            return key;
        }

#pragma warning disable CA1308 // HTTP/2 header names are lower-case.
        var lower = key.ToLowerInvariant();
#pragma warning restore CA1308
        return lower.Length > 0 && !lower.AsSpan().ContainsAnyExcept(Valid)
            ? lower
            : throw new ArgumentException(
                "Metadata entry key not valid. Keys can only contain lowercase alphanumeric characters, underscores, hyphens and dots.",
                nameof(key)
            );
    }
}
