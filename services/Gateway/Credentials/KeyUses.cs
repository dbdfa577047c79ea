using System.Collections.Concurrent;

namespace ApiSvc.Gateway.Credentials;

/// <summary>
/// Which API keys were used since it was last asked. A call costs a look at its key's mark; only the first one of a key
/// in between does more.
/// </summary>
internal sealed class KeyUses
{
    private readonly ConcurrentQueue<ApiKeyEntry> _used = new();

    /// <summary>A call was made with the key.</summary>
    public void Note(ApiKeyEntry key)
    {
        if (key.TryMarkUsed())
        {
            _used.Enqueue(key);
        }
    }

    /// <summary>The keys that were used since the last time; each counts again from now on.</summary>
    public List<Guid> Take()
    {
        var keys = new List<Guid>();
        // Not those that come meanwhile, or it might never end.
        for (var left = _used.Count; left > 0 && _used.TryDequeue(out var key); left--)
        {
            key.ClearUsed();
            keys.Add(key.KeyId);
        }

        return keys;
    }
}
