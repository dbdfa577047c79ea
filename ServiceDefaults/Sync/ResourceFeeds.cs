using System.Collections.Concurrent;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>The groups that are followed through this process.</summary>
internal sealed class ResourceFeeds(ResourceLogReader reader) : IDisposable
{
    private readonly ConcurrentDictionary<string, GroupFeed> _feeds = new();
    private readonly SemaphoreSlim _looking = new(1);

    /// <summary>The group, as of now.</summary>
    public async Task<GroupFeed> OpenAsync(string group, CancellationToken cancellationToken)
    {
        var feed = _feeds.GetOrAdd(group, name => new(name, reader));
        await LookAsync(group, feed, cancellationToken);
        return feed;
    }

    /// <summary>Looks where the followed groups are, and wakes the streams of those that moved.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var (group, feed) in _feeds)
        {
            await LookAsync(group, feed, cancellationToken);
        }
    }

    public void Dispose()
    {
        _looking.Dispose();
        foreach (var feed in _feeds.Values)
        {
            feed.Dispose();
        }
    }

    // One at a time: an older look must not come after a newer one.
    private async Task LookAsync(string group, GroupFeed feed, CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            feed.MoveTo(await reader.HeadAsync(group, cancellationToken));
        }
        finally
        {
            _looking.Release();
        }
    }
}
