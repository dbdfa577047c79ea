namespace ApiSvc.Gateway.Http1;

/// <summary>
/// Things that wait for their next use, by the thread that used them last. What a thread takes is what it put there, and
/// is still in its cache; only who has none left looks at those of others.
/// </summary>
/// <param name="most">How many a stripe holds.</param>
internal sealed class StripedStack<T>(int most)
    where T : class
{
    private const int Stripes = 8;

    private readonly Stripe[] _stripes =
    [
        .. Enumerable.Range(0, Stripes).Select(_ => new Stripe()),
    ];

    public T? TryPop()
    {
        var own = Environment.CurrentManagedThreadId;
        for (var i = 0; i < Stripes; i++)
        {
            if (_stripes[(own + i) & (Stripes - 1)].TryPop() is { } item)
            {
                return item;
            }
        }

        return null;
    }

    /// <returns>False where there is no room.</returns>
    public bool TryPush(T item) =>
        _stripes[Environment.CurrentManagedThreadId & (Stripes - 1)].TryPush(item, most);

    /// <summary>Takes one that is such as that; the longest unused first.</summary>
    public T? TryTake(Predicate<T> which)
    {
        foreach (var stripe in _stripes)
        {
            if (stripe.TryTake(which) is { } item)
            {
                return item;
            }
        }

        return null;
    }

    private sealed class Stripe
    {
        private readonly Lock _lock = new();
        private readonly List<T> _items = [];

        public T? TryPop()
        {
            // A look without the lock: most stripes of few threads are always empty.
            if (_items.Count == 0)
            {
                return null;
            }

            lock (_lock)
            {
                if (_items.Count == 0)
                {
                    return null;
                }

                var last = _items[^1];
                _items.RemoveAt(_items.Count - 1);
                return last;
            }
        }

        public bool TryPush(T item, int most)
        {
            lock (_lock)
            {
                if (_items.Count >= most)
                {
                    return false;
                }

                _items.Add(item);
                return true;
            }
        }

        public T? TryTake(Predicate<T> which)
        {
            lock (_lock)
            {
                var place = _items.FindIndex(which);
                if (place < 0)
                {
                    return null;
                }

                var found = _items[place];
                _items.RemoveAt(place);
                return found;
            }
        }
    }
}
