using ApiSvc.Gateway.Indexing;

namespace ApiSvc.Gateway.Credentials;

/// <summary>
/// Tokens whose signature was checked, by their keyed hash. A fixed number of places without a lock: each token has
/// four it may be in, and takes one that is free, expired or, failing that, another's.
/// </summary>
internal sealed class TokenCache
{
    private const int Ways = 4;

    private readonly KeyedHash _hash = KeyedHash.Create();
    private readonly Entry?[] _entries;

    /// <param name="capacity">Rounded up to a power of two.</param>
    public TokenCache(int capacity) =>
        _entries = new Entry?[
            System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, Ways))
        ];

    public UInt128 HashOf(ReadOnlySpan<byte> token) => _hash.Of(token);

    public Entry? Find(UInt128 hash)
    {
        var first = First(hash);
        for (var i = 0; i < Ways; i++)
        {
            if (Volatile.Read(ref _entries[first + i]) is { } entry && entry.Hash == hash)
            {
                return entry;
            }
        }

        return null;
    }

    public void Add(Entry entry, DateTimeOffset now)
    {
        var first = First(entry.Hash);
        // One's own place first: two who checked the same token at once leave one entry.
        var place = first + (int)(entry.Hash >> 64 & (Ways - 1));
        for (var i = Ways - 1; i >= 0; i--)
        {
            var old = Volatile.Read(ref _entries[first + i]);
            if (old?.Hash == entry.Hash)
            {
                place = first + i;
                break;
            }

            if (old is null || old.Token.ExpiresAt < now)
            {
                place = first + i;
            }
        }

        Volatile.Write(ref _entries[place], entry);
    }

    private int First(UInt128 hash) =>
        (int)((ulong)hash & (ulong)(_entries.Length - 1)) & ~(Ways - 1);

    /// <summary>A checked token, and what it was checked with.</summary>
    internal sealed class Entry(UInt128 hash, AccessToken token, SigningKeys keys, long version)
    {
        private long _version = version;

        public UInt128 Hash { get; } = hash;

        public AccessToken Token { get; } = token;

        public SigningKeys Keys { get; } = keys;

        /// <summary>The credentials against which it was last held.</summary>
        public long Version
        {
            get => Volatile.Read(ref _version);
            set => Volatile.Write(ref _version, value);
        }
    }
}
