namespace ApiSvc.Gateway.Indexing;

/// <summary>Says whether an item is the one looked for, once its hash is the same.</summary>
internal interface IProbe<in T>
{
    bool Matches(T item);
}

/// <summary>
/// An immutable hash table whose changed copies share what did not change: items are spread over chunks of some
/// sixteen, and a change copies the directory and the chunk concerned. A lookup reads directory, chunk and item,
/// takes no lock, allocates nothing and costs the same with ten items and a hundred thousand.
/// </summary>
internal sealed class HashIndex<T>
    where T : class
{
    private const int PerChunk = 16;
    private static readonly Slot[] NoSlots = new Slot[1];

    private readonly Slot[][] _chunks;
    private readonly int _shift;

    private HashIndex(Slot[][] chunks, int count)
    {
        _chunks = chunks;
        _shift = Shift(chunks.Length);
        Count = count;
    }

    public static HashIndex<T> Empty { get; } = new([NoSlots], 0);

    public int Count { get; }

    public T? Find<TProbe>(ulong hash, scoped in TProbe probe)
        where TProbe : IProbe<T>, allows ref struct
    {
        var chunk = _chunks[(int)((hash >> 1) >> _shift)];
        for (var i = (int)hash; ; i++)
        {
            ref readonly var slot = ref chunk[i & (chunk.Length - 1)];
            // Chunks are never full: every search ends at an empty slot.
            if (slot.Item is null || (slot.Hash == hash && probe.Matches(slot.Item)))
            {
                return slot.Item;
            }
        }
    }

    public IEnumerable<T> Items =>
        _chunks.SelectMany(c => c).Where(s => s.Item is not null).Select(s => s.Item!);

    public Builder ToBuilder() => new(this);

    private static int Shift(int chunks) => 63 - int.Log2(chunks);

    private struct Slot
    {
        public ulong Hash;
        public T? Item;
    }

    /// <summary>Collects changes; not thread-safe.</summary>
    public sealed class Builder
    {
        private Slot[][] _chunks;
        private bool[] _owned;
        private int _count;

        public Builder(HashIndex<T> index)
        {
            _chunks = [.. index._chunks];
            _owned = new bool[_chunks.Length];
            _count = index.Count;
        }

        public T? Find<TProbe>(ulong hash, scoped in TProbe probe)
            where TProbe : IProbe<T>, allows ref struct
        {
            var chunk = ChunkOf(hash);
            return _chunks[chunk][Locate(_chunks[chunk], hash, probe)].Item;
        }

        /// <summary>Puts the item where the probe finds one, or adds it.</summary>
        public void Set<TProbe>(ulong hash, scoped in TProbe probe, T item)
            where TProbe : IProbe<T>, allows ref struct
        {
            var number = ChunkOf(hash);
            var chunk = Own(number);
            ref var slot = ref chunk[Locate(chunk, hash, probe)];
            if (slot.Item is not null)
            {
                slot.Item = item;
                return;
            }

            _count++;
            Insert(number, hash, item);
            if (_count > _chunks.Length * PerChunk * 2)
            {
                Resize(_chunks.Length * 2);
            }
        }

        /// <summary>Takes out the item that the probe finds.</summary>
        public bool Remove<TProbe>(ulong hash, scoped in TProbe probe)
            where TProbe : IProbe<T>, allows ref struct
        {
            var number = ChunkOf(hash);
            var chunk = _chunks[number];
            if (chunk[Locate(chunk, hash, probe)].Item is not { } item)
            {
                return false;
            }

            _count--;
            _chunks[number] = NoSlots;
            _owned[number] = true;
            foreach (var slot in chunk)
            {
                if (slot.Item is not null && !ReferenceEquals(slot.Item, item))
                {
                    Insert(number, slot.Hash, slot.Item);
                }
            }

            return true;
        }

        public HashIndex<T> Build()
        {
            // Sixteen times too big is worth the work of shrinking.
            if (_chunks.Length > 1 && _count * 16 < _chunks.Length * PerChunk)
            {
                var wanted = (uint)(_count / PerChunk) + 1;
                Resize((int)System.Numerics.BitOperations.RoundUpToPowerOf2(wanted));
            }

            var index = _count == 0 ? Empty : new HashIndex<T>([.. _chunks], _count);
            // From here on the chunks belong to the index too.
            Array.Clear(_owned);
            return index;
        }

        private int ChunkOf(ulong hash) => (int)((hash >> 1) >> Shift(_chunks.Length));

        private Slot[] Own(int number)
        {
            if (!_owned[number])
            {
                _chunks[number] = _chunks[number].Length == 1 ? NoSlots : [.. _chunks[number]];
                _owned[number] = true;
            }

            return _chunks[number];
        }

        private static int Locate<TProbe>(Slot[] chunk, ulong hash, scoped in TProbe probe)
            where TProbe : IProbe<T>, allows ref struct
        {
            for (var i = (int)hash; ; i++)
            {
                var at = i & (chunk.Length - 1);
                if (
                    chunk[at].Item is not { } item
                    || (chunk[at].Hash == hash && probe.Matches(item))
                )
                {
                    return at;
                }
            }
        }

        private void Insert(int number, ulong hash, T item)
        {
            var chunk = _chunks[number];
            var used = chunk.Count(s => s.Item is not null);
            if ((used + 1) * 2 > chunk.Length)
            {
                var larger = new Slot[Math.Max(4, chunk.Length * 2)];
                foreach (var slot in chunk)
                {
                    if (slot.Item is not null)
                    {
                        larger[Free(larger, slot.Hash)] = slot;
                    }
                }

                _chunks[number] = chunk = larger;
            }

            chunk[Free(chunk, hash)] = new() { Hash = hash, Item = item };
        }

        private static int Free(Slot[] chunk, ulong hash)
        {
            var at = (int)hash & (chunk.Length - 1);
            while (chunk[at].Item is not null)
            {
                at = (at + 1) & (chunk.Length - 1);
            }

            return at;
        }

        private void Resize(int length)
        {
            var old = _chunks;
            _chunks = new Slot[length][];
            Array.Fill(_chunks, NoSlots);
            _owned = new bool[length];
            Array.Fill(_owned, true);
            foreach (var slot in old.SelectMany(c => c))
            {
                if (slot.Item is not null)
                {
                    Insert(ChunkOf(slot.Hash), slot.Hash, slot.Item);
                }
            }
        }
    }
}
