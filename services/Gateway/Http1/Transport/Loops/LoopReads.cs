using System.Threading.Tasks.Sources;

namespace ApiSvc.Gateway.Http1.Transport.Loops;

/// <summary>The reading of a socket on a loop.</summary>
internal sealed class LoopReads(LoopStream stream) : IValueTaskSource<int>
{
    // Then others have their turn.
    private const int MostInRow = 64;

    private Readiness _readiness = new(Readiness.Nothing);
    private ManualResetValueTaskSourceCore<int> _core;
    private Memory<byte> _room;
    private int _inRow;

    /// <param name="room">Where to; where it is empty, only waits until there is something.</param>
    public ValueTask<int> ReadAsync(Memory<byte> room)
    {
        if (stream.IsClosed)
        {
            return ValueTask.FromException<int>(new ObjectDisposedException(nameof(LoopStream)));
        }

        while (true)
        {
            if (_readiness.IsReady)
            {
                if (++_inRow > MostInRow)
                {
                    return Postpone(room);
                }

                if (room.IsEmpty)
                {
                    return new(0);
                }

                var count = Receive(room.Span);
                if (count >= 0)
                {
                    return new(count);
                }

                if (count != -LinuxSockets.WouldBlock)
                {
                    return ValueTask.FromException<int>(LinuxSockets.Error(-count));
                }
            }

            Prepare(room);
            var reading = new ValueTask<int>(this, _core.Version);
            if (_readiness.TryWait())
            {
                CheckClosed();
                return reading;
            }
        }
    }

    /// <summary>By the loop: something came, or an end.</summary>
    public void OnReadable()
    {
        _inRow = 0;
        if (_readiness.OnReady())
        {
            GoOn();
        }
    }

    /// <summary>Ends what waits; it goes on on the thread pool.</summary>
    public void Fail(Func<Exception> why)
    {
        if (_readiness.TryClaim())
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static failed => failed.Item1._core.SetException(failed.why()),
                (this, why),
                preferLocal: false
            );
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);

    private void GoOn()
    {
        var room = _room;
        _room = default;
        if (room.IsEmpty)
        {
            _readiness.Set(Readiness.Ready);
            _core.SetResult(0);
            return;
        }

        int count;
        try
        {
            count = Receive(room.Span);
        }
        catch (ObjectDisposedException e)
        {
            _core.SetException(e);
            return;
        }

        if (count >= 0)
        {
            _core.SetResult(count);
        }
        else if (count != -LinuxSockets.WouldBlock)
        {
            _core.SetException(LinuxSockets.Error(-count));
        }
        else
        {
            _room = room;
            if (_readiness.TryWait())
            {
                CheckClosed();
            }
        }
    }

    // What comes after the word is set to nothing is told again, and less than there was room for is all there was: so no
    // socket is asked that has nothing. An end is not told again.
    private int Receive(Span<byte> room)
    {
        _readiness.Set(Readiness.Nothing);
        var count = LinuxSockets.Receive(stream.Handle, room);
        if (count == room.Length || (count >= 0 && stream.IsEnding))
        {
            _readiness.Set(Readiness.Ready);
        }

        return count;
    }

    private ValueTask<int> Postpone(Memory<byte> room)
    {
        Prepare(room);
        var reading = new ValueTask<int>(this, _core.Version);
        _readiness.Set(Readiness.Waits);
        stream.Postpone();
        CheckClosed();
        return reading;
    }

    private void Prepare(Memory<byte> room)
    {
        _room = room;
        _core.Reset();
    }

    // Who closes looks for what waits; who begins to wait looks whether it was closed.
    private void CheckClosed()
    {
        if (stream.IsClosed)
        {
            Fail(static () => new ObjectDisposedException(nameof(LoopStream)));
        }
    }
}
