namespace KafkaBroker.Storage;

/// <summary>Wakes a fetch when one of the partitions that it waits for has grown or gone.</summary>
internal sealed class AppendWaiter
{
    private TaskCompletionSource _signal = New();

    /// <summary>Completes at the next signal after this call; look at the partitions between this call and the wait.</summary>
    public Task Next()
    {
        if (Volatile.Read(ref _signal).Task.IsCompleted)
        {
            Volatile.Write(ref _signal, New());
        }

        return _signal.Task;
    }

    public void Signal() => Volatile.Read(ref _signal).TrySetResult();

    private static TaskCompletionSource New() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
