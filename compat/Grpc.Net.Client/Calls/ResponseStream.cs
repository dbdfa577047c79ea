using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>The stream of answers; one read at a time.</summary>
internal sealed class ResponseStream<T> : IAsyncStreamReader<T>
    where T : class
{
    private readonly IStreamedCall<T> _call;
    private readonly Task<MessageReader<T>?> _start;
    private T? _current;
    private bool _ended;
    private int _reading;

    public ResponseStream(IStreamedCall<T> call, Task<MessageReader<T>?> start)
    {
        _call = call;
        _start = start;
        // A caller who never reads learns of a failure elsewhere: it is not unobserved.
        _ = start.ContinueWith(
            static task => task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );
    }

    public T Current =>
        _current
        ?? throw new InvalidOperationException(
            "There is no message: MoveNext was not called, or returned false."
        );

    /// <param name="cancellationToken">Cancels the whole call, as half a message cannot be put back.</param>
    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _reading, 1) != 0)
        {
            throw new InvalidOperationException(
                "Can't read the next message because the previous read is in progress."
            );
        }

        try
        {
            using var registration = cancellationToken.UnsafeRegister(
                static state => ((IStreamedCall<T>)state!).Cancel(),
                _call
            );
            _current =
                _ended || await _start is not { } reader ? null : await _call.NextAsync(reader);
            _ended = _current is null;
            return !_ended;
        }
        finally
        {
            Volatile.Write(ref _reading, 0);
        }
    }
}

/// <summary>What the stream of answers needs of its call.</summary>
internal interface IStreamedCall<T>
    where T : class
{
    /// <summary>The next message; null when the call has ended well.</summary>
    ValueTask<T?> NextAsync(MessageReader<T> reader);

    void Cancel();
}
