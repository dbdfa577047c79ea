namespace ApiSvc.Gateway.Sync;

/// <summary>
/// Between receiving and applying: what comes while a state is being applied is taken in one step after it, so a
/// burst costs as many builds as there is time for.
/// </summary>
internal sealed class Inbox
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _arrived = NewSignal();
    private TaskCompletionSource _idle = NewSignal();
    private ReceivedState? _waiting;
    private bool _busy;

    public void Add(ReceivedState received)
    {
        lock (_lock)
        {
            _waiting = _waiting is null ? received : _waiting.Then(received);
            _arrived.TrySetResult();
        }
    }

    /// <summary>Lets the one who waits for a state go on without one.</summary>
    public void Nudge()
    {
        lock (_lock)
        {
            _arrived.TrySetResult();
        }
    }

    /// <summary>Waits for a state, at most so long.</summary>
    /// <returns>Null when time is up, or by a nudge.</returns>
    public async Task<ReceivedState?> TakeAsync(
        TimeSpan atMost,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        Task arrived;
        lock (_lock)
        {
            _busy = false;
            if (_waiting is null)
            {
                _idle.TrySetResult();
                _idle = NewSignal();
            }

            arrived = _arrived.Task;
        }

        await arrived
            .WaitAsync(atMost, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            var taken = _waiting;
            _waiting = null;
            _busy = true;
            _arrived = _arrived.Task.IsCompleted ? NewSignal() : _arrived;
            return taken;
        }
    }

    /// <summary>Waits until all that came was applied or refused.</summary>
    public Task WaitUntilIdleAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _busy || _waiting is not null
                ? _idle.Task.WaitAsync(cancellationToken)
                : Task.CompletedTask;
        }
    }

    private static TaskCompletionSource NewSignal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
