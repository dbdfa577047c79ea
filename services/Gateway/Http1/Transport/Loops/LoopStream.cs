using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace ApiSvc.Gateway.Http1.Transport.Loops;

/// <summary>
/// A socket that an <see cref="EventLoop"/> waits for. One flow reads and one writes at a time. What waits goes on on the
/// loop's thread, which nothing may block; who closes it is waited for by nobody.
/// </summary>
internal sealed class LoopStream : Stream
{
    private readonly EventLoop _loop;
    private readonly LoopReads _reads;
    private readonly LoopWrites _writes;
    private int _isClosed;
    private volatile bool _isEnding;

    public LoopStream(EventLoop loop, SafeSocketHandle handle)
    {
        _loop = loop;
        Handle = handle;
        _reads = new(this);
        _writes = new(this);
    }

    /// <summary>The socket; its owner closes it after this.</summary>
    public SafeSocketHandle Handle { get; }

    /// <summary>What the loop knows it by.</summary>
    public long Key { get; set; }

    /// <summary>Told once, on the thread pool, when the other side ended its half or the connection broke.</summary>
    public Action? Ended { get; init; }

    /// <summary>Whether nothing comes after what is in the socket.</summary>
    public bool IsEnding => _isEnding;

    public bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Is waited for from now on.</summary>
    public void Begin() => _loop.Add(this);

    /// <summary>Is waited for from now on, and first until it is connected, or not.</summary>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async ValueTask BeginWhenConnectedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connecting = _writes.WaitForNews();
            _loop.Add(this);
            await CancellableAsync(connecting, cancellationToken);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    /// <summary>By the loop alone.</summary>
    public void OnEvents(uint events)
    {
        const uint Ends = LinuxSockets.PeerEnded | LinuxSockets.HungUp | LinuxSockets.Broken;
        if ((events & Ends) != 0 && !_isEnding)
        {
            _isEnding = true;
            if (Ended is { } ended)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static e => e(), ended, preferLocal: false);
            }
        }

        if ((events & (LinuxSockets.Writable | Ends)) != 0)
        {
            _writes.OnReady();
        }

        if ((events & (LinuxSockets.Readable | Ends)) != 0)
        {
            _reads.OnReadable();
        }
    }

    public void Postpone() => _loop.Postpone(this);

    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        var reading = _reads.ReadAsync(buffer);
        return reading.IsCompleted || !cancellationToken.CanBeCanceled
            ? reading
            : CancellableAsync(reading, cancellationToken);
    }

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        var writing = _writes.WriteAsync(buffer);
        return writing.IsCompleted || !cancellationToken.CanBeCanceled
            ? writing
            : CancellableAsync(writing, cancellationToken);
    }

    public override Task<int> ReadAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    ) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    ) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A loop's thread never waits.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A loop's thread never waits.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _loop.Remove(this);
            _reads.Close();
            _writes.Close();
        }

        base.Dispose(disposing);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> CancellableAsync(
        ValueTask<int> reading,
        CancellationToken cancellationToken
    )
    {
        await using var cancelling = cancellationToken.UnsafeRegister(
            static (reads, token) =>
                ((LoopReads)reads!).Fail(() => new OperationCanceledException(token)),
            _reads
        );
        return await reading;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask CancellableAsync(ValueTask writing, CancellationToken cancellationToken)
    {
        await using var cancelling = cancellationToken.UnsafeRegister(
            static (writes, token) =>
                ((LoopWrites)writes!).Fail(() => new OperationCanceledException(token)),
            _writes
        );
        await writing;
    }
}
