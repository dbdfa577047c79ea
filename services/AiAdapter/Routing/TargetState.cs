namespace ApiSvc.AiAdapter.Routing;

/// <summary>A deployment in use: how it did lately, and until when it rests.</summary>
internal sealed class TargetState(Target target, Func<PoolKey, KeyState> keyOf)
{
    // Of the newest measure in the average.
    private const double Weight = 0.2;

    private int _failures;
    private int _rests;
    private int _nextKey;

    public Target Target => target;

    public IReadOnlyList<KeyState> Keys { get; } = [.. target.Keys.Select(keyOf)];

    public DateTimeOffset RestsUntil { get; private set; }

    /// <summary>Time to the first token, averaged; null as long as nothing was measured.</summary>
    public TimeSpan? Latency { get; private set; }

    public int InFlight { get; private set; }

    /// <summary>Takes the key whose turn it is, of those that are free now; null if none is.</summary>
    public KeyState? TakeKey(DateTimeOffset now, long tokens, IReadOnlySet<KeyState> tried)
    {
        for (var i = 0; i < Keys.Count; i++)
        {
            var key = Keys[(_nextKey + i) % Keys.Count];
            if (!tried.Contains(key) && key.TryTake(now, tokens))
            {
                InFlight++;
                _nextKey = (_nextKey + i + 1) % Keys.Count;
                return key;
            }
        }

        return null;
    }

    /// <summary>When it may be used again, as far as that can be told; null if only running calls stand in the way.</summary>
    public DateTimeOffset? FreeAt(DateTimeOffset now, long tokens)
    {
        DateTimeOffset? first = null;
        foreach (var free in Keys.Select(key => key.FreeAt(now, tokens)).OfType<DateTimeOffset>())
        {
            first = first is null || free < first ? free : first;
        }

        return first is { } time && RestsUntil > time ? RestsUntil : first;
    }

    /// <summary>A call that took the key is over.</summary>
    public void GiveBack(KeyState key)
    {
        InFlight--;
        key.GiveBack();
    }

    public void Succeeded(TimeSpan latency)
    {
        _failures = 0;
        _rests = 0;
        Latency = Latency is { } average ? (average * (1 - Weight)) + (latency * Weight) : latency;
    }

    /// <summary>Rests after some failures in a row, and after each further one, twice as long each time.</summary>
    public void Failed(DateTimeOffset now, TimeSpan? retryAfter, RoutingOptions options)
    {
        if (++_failures < options.FailuresBeforeRest && retryAfter is null)
        {
            return;
        }

        var rest = options.FirstRest * Math.Pow(2, Math.Min(_rests++, 20));
        rest = rest < options.LongestRest ? rest : options.LongestRest;
        var until = now + (retryAfter > rest ? retryAfter.Value : rest);
        RestsUntil = until > RestsUntil ? until : RestsUntil;
    }
}
