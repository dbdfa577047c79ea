using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Reports;
using ApiSvc.Bench.Gateway.Subjects;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>Whether each call has its record.</summary>
internal sealed class RecordCount(H2Load load, Landscape landscape)
{
    private const int LastCalls = 10_000;

    /// <summary>
    /// A call whose answer the sender did not wait for is recorded, or was not read any more; all others are, and a last
    /// number of calls, all of them answered, is as many records more.
    /// </summary>
    public async Task CheckAsync(
        Contender contender,
        IReadOnlyList<CallCount> counts,
        ScenarioResult result,
        CancellationToken cancellationToken
    )
    {
        var name = contender.Subject.Name;
        var records = await CountAsync(contender.Subject, cancellationToken);
        // One call has shown before that a key is taken.
        var (calls, sent) = (counts.Sum(c => c.Calls) + 1, counts.Sum(c => c.Sent) + 1);
        if (records < calls || records > sent)
        {
            throw new BenchException($"{name}: {records} records of {calls} calls ({sent} sent).");
        }

        await load.KeyedAsync(
            contender,
            landscape.PathFor(0),
            landscape.Keys[0],
            LastCalls,
            cancellationToken
        );
        var more = await CountAsync(contender.Subject, cancellationToken) - records;
        if (more != LastCalls)
        {
            throw new BenchException($"{name}: {more} records of {LastCalls} calls.");
        }

        result.Put(name, "calls", calls);
        result.Put(name, "records", records);
    }

    private static async Task<long> CountAsync(
        Subject subject,
        CancellationToken cancellationToken
    ) =>
        await subject.CountRecordsAsync(cancellationToken)
        ?? throw new BenchException($"{subject.Name} records nothing.");
}
