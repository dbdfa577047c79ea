using Grpc.Net.Compression;

namespace Grpc.Net.Wire;

/// <summary>The compression that one side knows, and how it says so.</summary>
internal sealed class Encodings
{
    private readonly Dictionary<string, ICompressionProvider> _providers;

    public Encodings(IEnumerable<ICompressionProvider> providers)
    {
        _providers = providers.ToDictionary(
            provider => provider.EncodingName,
            StringComparer.Ordinal
        );
        Accepted = string.Join(',', _providers.Keys.Prepend(GrpcHeaders.Identity));
    }

    /// <summary>The value of <c>grpc-accept-encoding</c>.</summary>
    public string Accepted { get; }

    public ICompressionProvider? Find(string? name) =>
        name is null ? null : _providers.GetValueOrDefault(name);

    public static bool IsIdentity(string? name) =>
        string.IsNullOrEmpty(name)
        || string.Equals(name, GrpcHeaders.Identity, StringComparison.Ordinal);

    /// <summary>Whether a <c>grpc-accept-encoding</c> names this encoding.</summary>
    public static bool Names(ReadOnlySpan<char> acceptEncoding, string encoding)
    {
        foreach (var part in acceptEncoding.Split(','))
        {
            if (acceptEncoding[part].Trim().SequenceEqual(encoding))
            {
                return true;
            }
        }

        return false;
    }
}
