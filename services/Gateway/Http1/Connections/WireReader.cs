using System.Buffers;
using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace ApiSvc.Gateway.Http1.Connections;

/// <summary>
/// Reads one side of a connection into memory of its own. A read may be under way while nobody waits for it: so is seen
/// that a client left while its answer is awaited, and that an upstream closed a connection that is kept. One flow uses
/// it at a time; others may only wake it.
/// </summary>
internal sealed class WireReader : IValueTaskSource
{
    /// <summary>What an idle connection holds.</summary>
    public const int SmallSize = 4_096;

    /// <summary>What is read at once where much comes.</summary>
    public const int LargeSize = 16_384;

    private const int Nobody = 0;
    private const int Waits = 1;
    private const int News = 2;

    private readonly Stream _stream;
    private readonly bool _waitsWithoutMemory;
    private readonly Action _onRead;
    private ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _reading;
    private ManualResetValueTaskSourceCore<bool> _core;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private int _signal;
    private bool _isReading;
    private bool _isEmptyRead;
    private volatile bool _isRead;
    private volatile bool _isBrokenOff;
    private int _count;

    /// <param name="stream">Where bytes come from.</param>
    /// <param name="waitsWithoutMemory">
    /// Whether to wait by a read without room, which over TLS holds no memory while nothing comes.
    /// </param>
    public WireReader(Stream stream, bool waitsWithoutMemory)
    {
        _stream = stream;
        _waitsWithoutMemory = waitsWithoutMemory;
        _onRead = OnRead;
    }

    /// <summary>Told, on any thread, when the other side ends while nobody waits here.</summary>
    public IPeerWatcher? Watcher { get; set; }

    /// <summary>What came and was not consumed.</summary>
    public ReadOnlyMemory<byte> Buffered => _buffer.AsMemory(_start, _end - _start);

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(_start, _end - _start);

    public int Length => _end - _start;

    /// <summary>Whether nothing more comes: the other side ended, or the connection broke.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Why it broke; null where the other side ended in order.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Whether something came, or the other side ended, that nobody looked at yet.</summary>
    public bool HasNews => _isRead || IsEnded || _end > _start;

    /// <summary>Whether a read is under way: a socket that is closed meanwhile is reset, not ended in order.</summary>
    public bool IsReading => _isReading && !_isRead;

    /// <summary>Whether a read is done that nobody looked at yet.</summary>
    public bool HasNewBytes => _isRead;

    /// <summary>Whether the other side is known to have ended; from any thread.</summary>
    public bool IsPeerGone => IsEnded || (_isRead && _count == 0 && !_isEmptyRead);

    public void Consume(int count)
    {
        _start += count;
        if (_start == _end && !_isReading)
        {
            _start = 0;
            _end = 0;
        }
    }

    /// <summary>Begins to read ahead, if there is room for it and it is not done yet.</summary>
    public void ReadAhead()
    {
        if (!_isReading && !IsEnded && !_waitsWithoutMemory && Begin(SmallSize) && IsEnded)
        {
            Watcher?.OnPeerGone();
        }
    }

    /// <summary>Takes what came since; begins to read where that was not begun.</summary>
    /// <param name="size">How much room a read is given at least; what is held is not made smaller.</param>
    /// <returns>Whether there is something new: bytes, or the end. If not, there is to wait.</returns>
    public bool TryAdvance(int size = SmallSize)
    {
        if (IsEnded)
        {
            return true;
        }

        if (!_isReading && Begin(size))
        {
            return true;
        }

        return _isRead && Take(size);
    }

    /// <summary>Waits for news, or to be woken; only after <see cref="TryAdvance"/> said that there are none.</summary>
    public ValueTask WaitAsync()
    {
        if (Volatile.Read(ref _signal) == News)
        {
            ForgetNews();
            return default;
        }

        _core.Reset();
        if (Interlocked.CompareExchange(ref _signal, Waits, Nobody) != Nobody)
        {
            ForgetNews();
            return default;
        }

        return new(this, _core.Version);
    }

    /// <summary>Wakes who waits here, from any thread.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _signal, News) == Waits)
        {
            ForgetNews();
            _core.SetResult(true);
        }
    }

    // With a full fence: what is looked at next (_isRead) must not have been read before the news were forgotten, or those
    // that come in between would be forgotten unseen.
    private void ForgetNews() => Interlocked.Exchange(ref _signal, Nobody);

    /// <summary>
    /// This side is about to break the connection off, on whatever thread: an end that is read from now on is not the other
    /// side's, as which a socket that is closed while it is read from may show it.
    /// </summary>
    public void BreakOff() => _isBrokenOff = true;

    /// <summary>Gives memory back; nothing may be under way.</summary>
    public void Release()
    {
        if ((!_isReading || _isEmptyRead) && _buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _start = 0;
            _end = 0;
        }
    }

    /// <summary>Gives memory back that an idle connection does not need.</summary>
    public void Shrink()
    {
        if (_start == _end && _buffer.Length > (_waitsWithoutMemory ? 0 : SmallSize))
        {
            Release();
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

    // Whether it was done at once.
    private bool Begin(int size)
    {
        _isEmptyRead = _waitsWithoutMemory && _start == _end;
        if (!_isEmptyRead)
        {
            MakeRoom(size);
        }

        return Start(_isEmptyRead ? default : _buffer.AsMemory(_end)) && Take(size);
    }

    private bool Start(Memory<byte> room)
    {
        _isRead = false;
        _isReading = true;
        try
        {
            _reading = Read(room).GetAwaiter();
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            Error = e;
            _count = 0;
            _isEmptyRead = false;
            _isRead = true;
            return true;
        }

        if (_reading.IsCompleted)
        {
            Finish();
            return true;
        }

        _reading.UnsafeOnCompleted(_onRead);
        return false;
    }

    private ConfiguredValueTaskAwaitable<int> Read(Memory<byte> room) =>
        _stream.ReadAsync(room).ConfigureAwait(false);

    private void OnRead()
    {
        if (Finish())
        {
            Watcher?.OnPeerGone();
        }

        Wake();
    }

    // Whether the other side ended. From the last line on, the flow that reads here may go on.
    private bool Finish()
    {
        try
        {
            _count = _reading.GetResult();
            if (_count == 0 && _isBrokenOff)
            {
                Error = new IOException("The connection was broken off by the gateway.");
            }
        }
        catch (Exception e) when (IsOfTheConnection(e))
        {
            Error = e;
            _count = 0;
            _isEmptyRead = false;
        }

        var isEnd = _count == 0 && !_isEmptyRead;
        _isRead = true;
        return isEnd;
    }

    // Streams tell the end of a connection by many exceptions, and whichever it is, it is the reader's to hold.
    private static bool IsOfTheConnection(Exception e) => e is not OutOfMemoryException;

    // Whether there are bytes or the end; not after a read that only waited and then found nothing.
    private bool Take(int size)
    {
        _isRead = false;
        _isReading = false;
        if (_isEmptyRead)
        {
            _isEmptyRead = false;
            MakeRoom(size);
            return Start(_buffer.AsMemory(_end)) && Take(size);
        }

        _end += _count;
        IsEnded = _count == 0;
        return true;
    }

    private void MakeRoom(int size)
    {
        if (_buffer.Length - _end >= size / 4 && _buffer.Length >= size)
        {
            return;
        }

        var length = _end - _start;
        if (_buffer.Length >= size && _buffer.Length - length >= size / 4)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, length);
        }
        else
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(size, length + size));
            Buffer.BlockCopy(_buffer, _start, larger, 0, length);
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
            }

            _buffer = larger;
        }

        _start = 0;
        _end = length;
    }
}
