using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using ApiSvc.Gateway.Indexing;
using ApiSvc.ServiceDefaults.ApiKeys;

namespace ApiSvc.Gateway.Credentials;

/// <summary>
/// The API keys of an environment by the SHA-256 of the key; immutable, changed copies share what did not change.
/// What has not the form of a key is told apart by its checksum, without hashing.
/// </summary>
internal sealed class ApiKeyIndex
{
    private readonly HashIndex<ApiKeyEntry> _entries;
    private readonly KeyedHash _hash;
    private readonly RememberedKeys _remembered;

    private ApiKeyIndex(HashIndex<ApiKeyEntry> entries, KeyedHash hash)
    {
        _entries = entries;
        _hash = hash;
        _remembered = new(entries.Count);
    }

    public static ApiKeyIndex Empty { get; } =
        new(HashIndex<ApiKeyEntry>.Empty, KeyedHash.Create());

    public int Count => _entries.Count;

    /// <summary>An index without the keys of <paramref name="removed"/> (their SHA-256) and then with <paramref name="added"/>.</summary>
    public ApiKeyIndex With(
        IEnumerable<ApiKeyEntry> added,
        IEnumerable<ReadOnlyMemory<byte>> removed
    )
    {
        var entries = _entries.ToBuilder();
        foreach (var hash in removed)
        {
            entries.Remove(Number(hash.Span), new Probe(hash.Span));
        }

        foreach (var entry in added)
        {
            entries.Set(Number(entry.Sha256.Span), new Probe(entry.Sha256.Span), entry);
        }

        return new(entries.Build(), _hash);
    }

    /// <summary>Finds a key that was sent.</summary>
    /// <remarks>
    /// A key that was found is remembered by its keyed hash as long as this index lives, so that SHA-256 is computed
    /// once for each key and change of the credentials. Only the first finding allocates.
    /// </remarks>
    public bool TryFind(ReadOnlySpan<byte> key, [NotNullWhen(true)] out ApiKeyEntry? entry)
    {
        entry = null;
        if (key.Length > ApiKeyFormat.MaxLength)
        {
            return false;
        }

        var number = _hash.Of(key);
        if (_remembered.Find(number) is { } known)
        {
            entry = known;
            return true;
        }

        if (!ApiKeyFormat.TryRead(key, out _))
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[32];
        ApiKeyFormat.Hash(key, hash);
        entry = Find(hash);
        if (entry is not null)
        {
            _remembered.Add(number, entry);
        }

        return entry is not null;
    }

    /// <summary>Finds a key by its SHA-256.</summary>
    public ApiKeyEntry? Find(ReadOnlySpan<byte> sha256) =>
        _entries.Find(Number(sha256), new Probe(sha256));

    // Any eight bytes of a SHA-256 are as good as a hash of it.
    private static ulong Number(ReadOnlySpan<byte> sha256) =>
        BinaryPrimitives.ReadUInt64LittleEndian(sha256);

    private readonly ref struct Probe(ReadOnlySpan<byte> sha256) : IProbe<ApiKeyEntry>
    {
        private readonly ReadOnlySpan<byte> _sha256 = sha256;

        public bool Matches(ApiKeyEntry item) => _sha256.SequenceEqual(item.Sha256.Span);
    }
}
