using System.Threading.Tasks.Sources;

namespace ApiSvc.Gateway.Http1.Transport.Loops;

/// <summary>One direction of a socket on a loop: what waits for it, and who goes on with that.</summary>
/// <param name="stream">The socket.</param>
/// <param name="readiness">What it is at first.</param>
internal abstract class LoopDirection<T>(LoopStream stream, int readiness)
    : IValueTaskSource<T>,
        IValueTaskSource
{
    private Readiness _readiness = new(readiness);
    private ManualResetValueTaskSourceCore<T> _core;

    protected LoopStream Stream => stream;

    protected ref Readiness State => ref _readiness;

    protected ref ManualResetValueTaskSourceCore<T> Core => ref _core;

    /// <summary>By the loop: the socket is ready, or the connection broke.</summary>
    public void OnReady()
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

    /// <summary>Ends what waits, because this side closed the socket.</summary>
    public void Close() => Fail(static () => new ObjectDisposedException(nameof(LoopStream)));

    T IValueTaskSource<T>.GetResult(short token) => _core.GetResult(token);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _core.OnCompleted(continuation, state, token, flags);

    /// <summary>Does what waited; it is the caller's alone by now.</summary>
    protected abstract void GoOn();

    /// <summary>Who closes looks for what waits; who begins to wait looks whether it was closed.</summary>
    protected void CheckClosed()
    {
        if (stream.IsClosed)
        {
            Close();
        }
    }
}
