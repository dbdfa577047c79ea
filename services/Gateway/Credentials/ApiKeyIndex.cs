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
    private readonly Remembered?[] _remembered;

    private ApiKeyIndex(HashIndex<ApiKeyEntry> entries, KeyedHash hash)
    {
        _entries = entries;
        _hash = hash;
        // Twice the keys, so that most have a place of their own; bounded, since each change makes a new one.
        var size = Math.Clamp(entries.Count * 2, 1, 8_192);
        _remembered = new Remembered?[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)size)];
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
        ref var place = ref _remembered[(int)((ulong)number & (ulong)(_remembered.Length - 1))];
        if (Volatile.Read(ref place) is { } known && known.Hash == number)
        {
            entry = known.Entry;
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
            Volatile.Write(ref place, new(number, entry));
        }

        return entry is not null;
    }

    /// <summary>Finds a key by its SHA-256.</summary>
    public ApiKeyEntry? Find(ReadOnlySpan<byte> sha256) =>
        _entries.Find(Number(sha256), new Probe(sha256));

    // Any eight bytes of a SHA-256 are as good as a hash of it.
    private static ulong Number(ReadOnlySpan<byte> sha256) =>
        BinaryPrimitives.ReadUInt64LittleEndian(sha256);

    private sealed class Remembered(UInt128 hash, ApiKeyEntry entry)
    {
        public UInt128 Hash { get; } = hash;

        public ApiKeyEntry Entry { get; } = entry;
    }

    private readonly ref struct Probe(ReadOnlySpan<byte> sha256) : IProbe<ApiKeyEntry>
    {
        private readonly ReadOnlySpan<byte> _sha256 = sha256;

        public bool Matches(ApiKeyEntry item) => _sha256.SequenceEqual(item.Sha256.Span);
    }
}
