namespace ApiSvc.AiAdapter.Routing;

/// <summary>A key in use: what it did in the last minute, and until when it rests.</summary>
internal sealed class KeyState(PoolKey key)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Queue<(DateTimeOffset Time, long Tokens)> _recent = new();
    private long _tokens;

    public PoolKey Key => key;

    public int InFlight { get; private set; }

    public DateTimeOffset RestsUntil { get; private set; }

    /// <summary>When the next call may use it; now, if it may at once.</summary>
    public DateTimeOffset FreeAt(DateTimeOffset now, long tokens)
    {
        Forget(now);
        var free = now > RestsUntil ? now : RestsUntil;
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

    public bool HasRoom => key.Parallel is not { } most || InFlight < most;

    public void Take(DateTimeOffset now, long tokens)
    {
        InFlight++;
        _recent.Enqueue((now, tokens));
        _tokens += tokens;
    }

    public void GiveBack() => InFlight--;

    /// <summary>Rests until then, if it does not rest longer already.</summary>
    public void Rest(DateTimeOffset until) => RestsUntil = Later(RestsUntil, until);

    private void Forget(DateTimeOffset now)
    {
        while (_recent.Count > 0 && _recent.Peek().Time + Minute <= now)
        {
            _tokens -= _recent.Dequeue().Tokens;
        }
    }

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
