using ApiSvc.Gateway.State;

namespace ApiSvc.Gateway.Http1.Upstreams;

/// <summary>
/// The connections to one address. Free ones are kept by the thread that used them last: on few threads that carry all
/// traffic, a call finds one whose answers come in on the same thread.
/// </summary>
internal sealed class UpstreamPool(UpstreamConnector connector, Http1Options options)
{
    private readonly StripedStack<UpstreamConnection> _free = new(most: 256);
    private int _open;

    /// <summary>How many connections there are, free ones and others.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>One that is free and open, as far as is known.</summary>
    public UpstreamConnection? TryTake()
    {
        while (_free.TryPop() is { } connection)
        {
            if (
                !connection.Reader.HasNews
                && Environment.TickCount64 - connection.OpenedAt
                    < options.UpstreamLifetime.TotalMilliseconds
            )
            {
                return connection;
            }

            // Closed by the upstream, or it said something that nobody asked for.
            connection.Close();
        }

        return null;
    }

    /// <summary>Opens one.</summary>
    /// <returns>Null where there are as many as there may be.</returns>
    public async ValueTask<UpstreamConnection?> OpenAsync(
        UpstreamState upstream,
        CancellationToken cancellationToken
    )
    {
        if (Interlocked.Increment(ref _open) > options.MaxUpstreamConnections)
        {
            Forget();
            return null;
        }

        try
        {
            return await connector.ConnectAsync(this, upstream, cancellationToken);
        }
        catch
        {
            Forget();
            throw;
        }
    }

    /// <summary>Keeps one for the next call.</summary>
    public void Keep(UpstreamConnection connection)
    {
        if (!_free.TryPush(connection))
        {
            connection.Close();
        }
    }

    /// <summary>Says that one was closed.</summary>
    public void Forget() => Interlocked.Decrement(ref _open);

    /// <summary>Closes those that no call used for long, or that the upstream closed.</summary>
    public void Reap(long now)
    {
        var idle = now - (long)options.UpstreamIdleTimeout.TotalMilliseconds;
        while (_free.TryTake(c => c.IdleSince < idle || c.Reader.HasNews) is { } connection)
        {
            connection.Close();
        }
    }
}
