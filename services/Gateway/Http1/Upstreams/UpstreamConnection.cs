using System.Net.Sockets;
using ApiSvc.Gateway.Http1.Connections;

namespace ApiSvc.Gateway.Http1.Upstreams;

/// <summary>
/// A connection to an upstream. It is one call's at a time; who breaks it off names that call, so that a call that is over
/// breaks no other's.
/// </summary>
internal sealed class UpstreamConnection : IDisposable
{
    private readonly UpstreamPool _pool;
    private readonly Socket _socket;
    private readonly Lock _lock = new();
    private long _lease;
    private bool _isClosed;

    public UpstreamConnection(UpstreamPool pool, Socket socket, Stream stream)
    {
        _pool = pool;
        _socket = socket;
        Stream = stream;
        Reader = new(stream, waitsWithoutMemory: false);
        OpenedAt = Environment.TickCount64;
    }

    public Stream Stream { get; }

    public WireReader Reader { get; }

    /// <summary>When it was opened, as <see cref="Environment.TickCount64"/>.</summary>
    public long OpenedAt { get; }

    /// <summary>Since when no call uses it.</summary>
    public long IdleSince { get; private set; }

    /// <summary>Whether it has served a call before: the upstream may have closed it meanwhile.</summary>
    public bool IsReused { get; private set; }

    /// <summary>Is a call's from now on.</summary>
    /// <param name="lease">That call's; no other one ever has the same.</param>
    /// <returns>False where it is closed.</returns>
    public bool TryBegin(long lease)
    {
        lock (_lock)
        {
            _lease = lease;
            return !_isClosed;
        }
    }

    /// <summary>Keeps it for the next call, or closes it where it can serve none.</summary>
    public void End(bool canServe)
    {
        lock (_lock)
        {
            _lease = 0;
            canServe &= !_isClosed;
        }

        if (!canServe || Reader.Length > 0 || Reader.IsEnded)
        {
            Dispose();
            return;
        }

        IsReused = true;
        IdleSince = Environment.TickCount64;
        Reader.Shrink();
        Reader.ReadAhead();
        _pool.Keep(this);
    }

    /// <summary>Breaks it off, if that call still uses it; from any thread.</summary>
    public void Abort(long lease)
    {
        lock (_lock)
        {
            if (_lease != lease || _isClosed)
            {
                return;
            }

            // Under the same lock: a moment later it may be another call's.
            _isClosed = true;
        }

        Reader.BreakOff();
        CloseNow();
    }

    /// <summary>Closes one that no call uses, in order: the read that waits for its end comes back first.</summary>
    public void Close()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // It is closed on the other side.
        }

        if (Reader.IsReading)
        {
            _ = DisposeWhenReadAsync();
        }
        else
        {
            Dispose();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        CloseNow();
    }

    // Also where the read brings bytes that nobody asked for instead of the end.
    private async Task DisposeWhenReadAsync()
    {
        while (!Reader.TryAdvance())
        {
            await Reader.WaitAsync();
        }

        Dispose();
    }

    private void CloseNow()
    {
        _pool.Forget();
        Stream.Dispose();
        _socket.Dispose();
    }
}
