using System.Collections.Concurrent;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Spool.Shipping;

namespace ApiSvc.Spool.Tests.Shipping;

/// <summary>Takes batches as a test says, and remembers them.</summary>
internal sealed class FakeKafka : IBatchSender
{
    private readonly ConcurrentQueue<(Batch Batch, SendOutcome Outcome)> _asked = new();

    /// <summary>What to answer; yes unless set.</summary>
    public Func<Batch, SendOutcome> Answer { get; set; } = _ => SendOutcome.Acknowledged;

    public IReadOnlyList<Batch> Asked => [.. _asked.Select(a => a.Batch)];

    public IReadOnlyList<Batch> Taken =>
        [.. _asked.Where(a => a.Outcome.Status == SendStatus.Acknowledged).Select(a => a.Batch)];

    /// <summary>Records that were taken, by lane and sequence.</summary>
    public IEnumerable<(int Lane, ulong Sequence, ulong Number)> Records =>
        Taken
            .Select(b => CallRecordBatch.Parser.ParseFrom(b.Value))
            .SelectMany(b =>
                b.Records.Select((r, i) => ((int)b.Lane, b.FirstSequence + (ulong)i, r.BytesIn))
            );

    public Task<SendOutcome> SendAsync(Batch batch, CancellationToken cancellationToken)
    {
        var outcome = Answer(batch);
        _asked.Enqueue((batch, outcome));
        return Task.FromResult(outcome);
    }
}
