using System.Collections.Concurrent;

namespace ApiSvc.GrpcTests.Services;

/// <summary>What happened on the server, in order; tests wait for entries.</summary>
internal sealed class ProbeJournal
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<string> _entries = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new(
        StringComparer.Ordinal
    );

    public IReadOnlyCollection<string> Entries => _entries;

    public void Write(string entry)
    {
        _entries.Enqueue(entry);
        Source(entry).TrySetResult();
    }

    public Task WaitForAsync(string entry) => Source(entry).Task.WaitAsync(Patience);

    private TaskCompletionSource Source(string entry) =>
        _awaited.GetOrAdd(
            entry,
            _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
        );
}
