using System.Collections;
using System.Text;

namespace Grpc.Core;

/// <summary>
/// Headers or trailers of a call, in order, a key as often as needed. Keys are lower-case; the values of keys that end
/// in <c>-bin</c> are bytes, the others ASCII text (gRPC over HTTP/2, "Custom-Metadata").
/// </summary>
public sealed class Metadata : IList<Metadata.Entry>
{
    /// <summary>What the keys of binary entries end in.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>Metadata without entries, which cannot be changed.</summary>
    public static readonly Metadata Empty = new Metadata().Freeze();

    // A response header that a service sets to choose the algorithm of its answer; it is not sent.
    internal const string CompressionRequestAlgorithmKey = "grpc-internal-encoding-request";

    private readonly List<Entry> _entries = [];
    private bool _readOnly;

    public int Count => _entries.Count;

    public bool IsReadOnly => _readOnly;

    public Entry this[int index]
    {
        get => _entries[index];
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            ThrowIfReadOnly();
            _entries[index] = value;
        }
    }

    /// <summary>The last entry with this key, or null.</summary>
    public Entry? Get(string key)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].KeyIs(key))
            {
                return _entries[i];
            }
        }

        return null;
    }

    /// <summary>The text of the last entry with this key, or null.</summary>
    /// <exception cref="InvalidOperationException">The entry is binary.</exception>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The bytes of the last entry with this key, or null.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>All entries with this key, in order.</summary>
    public IEnumerable<Entry> GetAll(string key) => _entries.Where(entry => entry.KeyIs(key));

    public void Add(Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ThrowIfReadOnly();
        _entries.Add(item);
    }

    public void Add(string key, string value) => Add(new Entry(key, value));

    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    public void Insert(int index, Entry item)
    {
        ArgumentNullException.ThrowIfNull(item);
        ThrowIfReadOnly();
        _entries.Insert(index, item);
    }

    public bool Remove(Entry item)
    {
        ThrowIfReadOnly();
        return _entries.Remove(item);
    }

    public void RemoveAt(int index)
    {
        ThrowIfReadOnly();
        _entries.RemoveAt(index);
    }

    public void Clear()
    {
        ThrowIfReadOnly();
        _entries.Clear();
    }

    public int IndexOf(Entry item) => _entries.IndexOf(item);

    public bool Contains(Entry item) => _entries.Contains(item);

    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal Metadata Freeze()
    {
        _readOnly = true;
        return this;
    }

    private void ThrowIfReadOnly()
    {
        if (_readOnly)
        {
            throw new InvalidOperationException("Object is read only");
        }
    }

    /// <summary>A key with its text or, if the key ends in <c>-bin</c>, its bytes.</summary>
    public class Entry
    {
        private readonly string? _value;
        private readonly byte[]? _bytes;

        /// <exception cref="ArgumentException">The key is not a lower-case header name, or it ends in <c>-bin</c>.</exception>
        public Entry(string key, string value)
        {
            Key = MetadataKey.Normalize(key);
            if (MetadataKey.IsBinary(Key))
            {
                throw new ArgumentException(
                    "Key for ASCII valued metadata entry cannot have suffix indicating binary value.",
                    nameof(key)
                );
            }

            ArgumentNullException.ThrowIfNull(value);
            _value = value;
        }

        /// <exception cref="ArgumentException">The key is not a lower-case header name, or does not end in <c>-bin</c>.</exception>
        public Entry(string key, byte[] valueBytes)
        {
            Key = MetadataKey.Normalize(key);
            if (!MetadataKey.IsBinary(Key))
            {
                throw new ArgumentException(
                    "Key for binary valued metadata entry needs to have suffix indicating binary value.",
                    nameof(key)
                );
            }

            ArgumentNullException.ThrowIfNull(valueBytes);
            _bytes = [.. valueBytes];
        }

        public string Key { get; }

        public bool IsBinary => _value is null;

        /// <summary>The bytes; of a text entry its ASCII bytes.</summary>
        public byte[] ValueBytes => _value is null ? [.. _bytes!] : Encoding.ASCII.GetBytes(_value);

        /// <exception cref="InvalidOperationException">The entry is binary.</exception>
        public string Value =>
            _value
            ?? throw new InvalidOperationException(
                "Cannot access string value of a binary metadata entry"
            );

        public override string ToString() =>
            _value is null
                ? $"[Entry: key={Key}, valueBytes={Convert.ToHexString(_bytes!)}]"
                : $"[Entry: key={Key}, value={_value}]";

        internal ReadOnlySpan<byte> Bytes => _bytes;

        internal bool KeyIs(string key) =>
            string.Equals(Key, key, StringComparison.OrdinalIgnoreCase);
    }
}
