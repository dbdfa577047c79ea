namespace ApiSvc.Gateway.Http1.Transport.Loops;

/// <summary>The writing of a socket on a loop.</summary>
internal sealed class LoopWrites(LoopStream stream) : LoopDirection<bool>(stream, Readiness.Ready)
{
    private ReadOnlyMemory<byte> _rest;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        if (Stream.IsClosed)
        {
            return ValueTask.FromException(new ObjectDisposedException(nameof(LoopStream)));
        }

        // Nearly always the socket takes all of it at once.
        var count = LinuxSockets.Send(Stream.Handle, bytes.Span);
        if (count == bytes.Length)
        {
            return default;
        }

        if (count < 0 && count != -LinuxSockets.WouldBlock)
        {
            return ValueTask.FromException(LinuxSockets.Error(-count));
        }

        _rest = count > 0 ? bytes[count..] : bytes;
        Core.Reset();
        var writing = new ValueTask(this, Core.Version);
        GoOn();
        return writing;
    }

    /// <summary>Waits until the loop says anything of this direction.</summary>
    public ValueTask WaitForNews()
    {
        _rest = default;
        Core.Reset();
        State.Set(Readiness.Waits);
        return new(this, Core.Version);
    }

    // Sends what is left; where the socket takes no more, waits for the loop.
    protected override void GoOn()
    {
        try
        {
            while (!_rest.IsEmpty)
            {
                // In this order: room that is made after the word is set is told.
                State.Set(Readiness.Nothing);
                var count = LinuxSockets.Send(Stream.Handle, _rest.Span);
                if (count >= 0)
                {
                    _rest = _rest[count..];
                }
                else if (count != -LinuxSockets.WouldBlock)
                {
                    Core.SetException(LinuxSockets.Error(-count));
                    return;
                }
                else if (State.TryWait())
                {
                    CheckClosed();
                    return;
                }
            }
        }
        catch (ObjectDisposedException e)
        {
            Core.SetException(e);
            return;
        }

        Core.SetResult(true);
    }
}
