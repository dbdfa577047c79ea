namespace ApiSvc.Gateway.Http1.Transport.Loops;

/// <summary>The reading of a socket on a loop.</summary>
internal sealed class LoopReads(LoopStream stream) : LoopDirection<int>(stream, Readiness.Nothing)
{
    // Then others have their turn.
    private const int MostInRow = 64;

    private Memory<byte> _room;
    private int _inRow;

    /// <param name="room">Where to; where it is empty, only waits until there is something.</param>
    public ValueTask<int> ReadAsync(Memory<byte> room)
    {
        if (Stream.IsClosed)
        {
            return ValueTask.FromException<int>(new ObjectDisposedException(nameof(LoopStream)));
        }

        while (true)
        {
            if (State.IsReady)
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
            var reading = new ValueTask<int>(this, Core.Version);
            if (State.TryWait())
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
        OnReady();
    }

    protected override void GoOn()
    {
        var room = _room;
        _room = default;
        if (room.IsEmpty)
        {
            State.Set(Readiness.Ready);
            Core.SetResult(0);
            return;
        }

        int count;
        try
        {
            count = Receive(room.Span);
        }
        catch (ObjectDisposedException e)
        {
            Core.SetException(e);
            return;
        }

        if (count >= 0)
        {
            Core.SetResult(count);
        }
        else if (count != -LinuxSockets.WouldBlock)
        {
            Core.SetException(LinuxSockets.Error(-count));
        }
        else
        {
            _room = room;
            if (State.TryWait())
            {
                CheckClosed();
            }
        }
    }

    // What comes after the word is set to nothing is told again, and less than there was room for is all there was: so no
    // socket is asked that has nothing. An end is not told again.
    private int Receive(Span<byte> room)
    {
        State.Set(Readiness.Nothing);
        var count = LinuxSockets.Receive(Stream.Handle, room);
        if (count == room.Length || (count >= 0 && Stream.IsEnding))
        {
            State.Set(Readiness.Ready);
        }

        return count;
    }

    private ValueTask<int> Postpone(Memory<byte> room)
    {
        Prepare(room);
        var reading = new ValueTask<int>(this, Core.Version);
        State.Set(Readiness.Waits);
        Stream.Postpone();
        CheckClosed();
        return reading;
    }

    private void Prepare(Memory<byte> room)
    {
        _room = room;
        Core.Reset();
    }
}
