using System.Threading.Tasks.Sources;

namespace ApiSvc.Gateway.Http1.Transport.Loops;

/// <summary>The writing of a socket on a loop.</summary>
internal sealed class LoopWrites(LoopStream stream) : IValueTaskSource
{
    private Readiness _readiness = new(Readiness.Ready);
    private ManualResetValueTaskSourceCore<bool> _core;
    private ReadOnlyMemory<byte> _rest;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (stream.IsClosed)
        {
            return ValueTask.FromException(new ObjectDisposedException(nameof(LoopStream)));
        }

        // Nearly always the socket takes all of it at once.
        var count = LinuxSockets.Send(stream.Handle, bytes.Span);
        if (count == bytes.Length)
        {
            return default;
        }

        _rest = count > 0 ? bytes[count..] : bytes;
        _core.Reset();
        var writing = new ValueTask(this, _core.Version);
        if (count < 0 && count != -LinuxSockets.WouldBlock)
        {
            return ValueTask.FromException(LinuxSockets.Error(-count));
        }

        GoOn();
        return writing;
    }

    /// <summary>Waits until the loop says anything of this direction.</summary>
    public ValueTask WaitForNews()
    {
        _rest = default;
        _core.Reset();
        _readiness.Set(Readiness.Waits);
        return new(this, _core.Version);
    }

    /// <summary>By the loop: there is room, or the connection broke.</summary>
    public void OnWritable()
    {
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

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);

    // Sends what is left; where the socket takes no more, waits for the loop.
    private void GoOn()
    {
        try
        {
            while (!_rest.IsEmpty)
            {
                // In this order: room that is made after the word is set is told.
                _readiness.Set(Readiness.Nothing);
                var count = LinuxSockets.Send(stream.Handle, _rest.Span);
                if (count >= 0)
                {
                    _rest = _rest[count..];
                }
                else if (count != -LinuxSockets.WouldBlock)
                {
                    _core.SetException(LinuxSockets.Error(-count));
                    return;
                }
                else if (_readiness.TryWait())
                {
                    if (stream.IsClosed)
                    {
                        Fail(static () => new ObjectDisposedException(nameof(LoopStream)));
                    }

                    return;
                }
            }
        }
        catch (ObjectDisposedException e)
        {
            _core.SetException(e);
            return;
        }

        _core.SetResult(true);
    }
}
