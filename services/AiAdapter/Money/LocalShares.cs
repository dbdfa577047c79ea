namespace ApiSvc.AiAdapter.Money;

/// <summary>
/// What this process may spend of each window while Redis is away: its last share, until that ends. Limits of a minute are
/// counted here as if this were the only process.
/// </summary>
internal sealed class LocalShares(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<WindowKey, Share> _shares = [];

    /// <summary>Notes the share that Redis holds for this process.</summary>
    public void Grant(Hold hold, string epoch, long left, DateTimeOffset until)
    {
        lock (_lock)
        {
            _shares[hold.Key] = new(hold, epoch, left, until);
        }
    }

    /// <summary>Takes a call out of all of them or none.</summary>
    /// <param name="epochs">Of each window, for when Redis is back.</param>
    /// <returns>The window that has nothing left; null if it was taken.</returns>
    public Hold? Take(IReadOnlyList<Hold> holds, out IReadOnlyList<string> epochs)
    {
        epochs = [];
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var full = holds.FirstOrDefault(h => !(Find(h) is { Left: > 0 } s && now < s.Until));
            if (full is not null)
            {
                return full;
            }

            foreach (var hold in holds)
            {
                _shares[hold.Key].Left -= hold.Amount;
            }

            epochs = [.. holds.Select(h => _shares[h.Key].Epoch)];
            return null;
        }
    }

    /// <summary>Puts what a call came to in the place of what it took.</summary>
    public void Settle(Hold hold, long spent)
    {
        lock (_lock)
        {
            if (_shares.TryGetValue(hold.Key, out var share))
            {
                share.Left += hold.Amount - spent;
            }
        }
    }

    /// <summary>The windows that this process has counted in lately. Those that are over are forgotten.</summary>
    public IReadOnlyList<Hold> Windows()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            foreach (var over in _shares.Where(s => s.Value.Hold.End <= now).ToList())
            {
                _shares.Remove(over.Key);
            }

            return [.. _shares.Values.Select(s => s.Hold)];
        }
    }

    private Share? Find(Hold hold)
    {
        if (_shares.TryGetValue(hold.Key, out var share) || hold.InLedger)
        {
            return share;
        }

        share = new(hold, "", hold.Rule.Hard ?? 0, hold.End);
        _shares[hold.Key] = share;
        return share;
    }

    private sealed class Share(Hold hold, string epoch, long left, DateTimeOffset until)
    {
        public Hold Hold => hold;

        public string Epoch => epoch;

        public long Left { get; set; } = left;

        public DateTimeOffset Until => until;
    }
}
