namespace ApiSvc.AiAdapter.Routing;

/// <summary>
/// A key in use: what it did in the last minute, and until when it rests. Virtual models that use the same key share it, and with
/// it the key's limits.
/// </summary>
internal sealed class KeyState(PoolKey key)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Queue<(DateTimeOffset Time, long Tokens)> _recent = new();
    private long _tokens;
    private int _inFlight;
    private DateTimeOffset _restsUntil;

    public PoolKey Key => key;

    /// <summary>When the next call may use it; now, if it may at once; null if only running calls stand in the way.</summary>
    public DateTimeOffset? FreeAt(DateTimeOffset now, long tokens)
    {
        lock (_lock)
        {
            return HasRoom ? NextAt(now, tokens) : null;
        }
    }

    /// <summary>Takes it for a call, if the call may use it now.</summary>
    public bool TryTake(DateTimeOffset now, long tokens)
    {
        lock (_lock)
        {
            if (!HasRoom || NextAt(now, tokens) > now)
            {
                return false;
            }

            _inFlight++;
            _recent.Enqueue((now, tokens));
            _tokens += tokens;
            return true;
        }
    }

    public void GiveBack()
    {
        lock (_lock)
        {
            _inFlight--;
        }
    }

    /// <summary>Rests until then, if it does not rest longer already.</summary>
    public void Rest(DateTimeOffset until)
    {
        lock (_lock)
        {
            _restsUntil = Later(_restsUntil, until);
        }
    }

    private bool HasRoom => key.Parallel is not { } most || _inFlight < most;

    private DateTimeOffset NextAt(DateTimeOffset now, long tokens)
    {
        Forget(now);
        var free = Later(now, _restsUntil);
        if (_recent.Count > 0 && key.RequestsPerMinute is { } most && _recent.Count >= most)
        {
            free = Later(free, _recent.Peek().Time + Minute);
        }

        if (key.TokensPerMinute is { } budget && _tokens + tokens > budget && _recent.Count > 0)
        {
            var over = _tokens + tokens - budget;
            foreach (var (time, used) in _recent)
            {
                over -= used;
                free = Later(free, time + Minute);
                if (over <= 0)
                {
                    break;
                }
            }
        }

        return free;
    }

    private void Forget(DateTimeOffset now)
    {
        while (_recent.Count > 0 && _recent.Peek().Time + Minute <= now)
        {
            _tokens -= _recent.Dequeue().Tokens;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
