using System.Collections.Concurrent;
using ApiSvc.ServiceDefaults.Outbox;

namespace ApiSvc.ServiceDefaults.Tests.Data;

/// <summary>Keeps what is published; a test decides what becomes of it.</summary>
internal sealed class RecordingPublisher(Func<OutboxMessage, Task<PublishOutcome>>? decide = null)
    : IEventPublisher
{
    private readonly ConcurrentQueue<OutboxMessage> _acknowledged = [];

    public IReadOnlyList<OutboxMessage> Acknowledged => [.. _acknowledged];

    /// <summary>How many there are, repeats included.</summary>
    public int Count => _acknowledged.Count;

    public async Task<IReadOnlyList<PublishOutcome>> PublishAsync(
        IReadOnlyList<OutboxMessage> batch,
        CancellationToken cancellationToken
    )
    {
        var outcomes = new List<PublishOutcome>();
        foreach (var message in batch)
        {
            var outcome = decide is null ? PublishOutcome.Acknowledged : await decide(message);
            if (outcome.Status == PublishStatus.Acknowledged)
            {
                _acknowledged.Enqueue(message);
            }

            outcomes.Add(outcome);
        }

        return outcomes;
    }
}
