using System.Diagnostics;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Measuring;
using ApiSvc.Bench.Gateway.Processes;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>What comes before numbers: answers that are right, and code that is compiled.</summary>
internal sealed class Warming(BenchOptions options, Progress progress, Wrk wrk)
{
    private static readonly TimeSpan Check = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Piece = TimeSpan.FromSeconds(3);

    /// <returns>Calls with an answer, and requests sent, by contender.</returns>
    public async Task<Dictionary<string, CallCount>> RunAsync(
        IReadOnlyList<Contender> contenders,
        CancellationToken cancellationToken,
        TimeSpan? atLeast = null
    )
    {
        var counts = contenders.ToDictionary(c => c.Name, _ => new CallCount());
        foreach (var contender in contenders)
        {
            progress.Say($"warming {contender.Name}");
            counts[contender.Name].Add(await wrk.CheckAsync(contender, Check, cancellationToken));
            await WarmAsync(
                contender,
                counts[contender.Name],
                atLeast ?? options.WarmUp,
                cancellationToken
            );
        }

        return counts;
    }

    private async Task WarmAsync(
        Contender contender,
        CallCount count,
        TimeSpan atLeast,
        CancellationToken cancellationToken
    )
    {
        if (!contender.Subject.CompilesAtRunTime)
        {
            count.Add(await wrk.SaturateAsync(contender, Check, cancellationToken));
            return;
        }

        var begun = Stopwatch.GetTimestamp();
        var warmth = new Warmth(atLeast, options.LongestWarmUp);
        while (true)
        {
            var cpu = ProcessTree.CpuOf(contender.Subject.Process.Id);
            var load = await wrk.SaturateAsync(contender, Piece, cancellationToken);
            count.Add(load);
            var turn = new Turn(load, ProcessTree.CpuOf(contender.Subject.Process.Id) - cpu);
            if (warmth.IsReached(Stopwatch.GetElapsedTime(begun), turn.CpuUs))
            {
                return;
            }
        }
    }
}

/// <summary>How many calls a proxy must know of: all that had an answer, and no more than were sent.</summary>
internal sealed class CallCount
{
    public long Calls { get; private set; }

    public long Sent { get; private set; }

    public void Add(LoadResult result)
    {
        Calls += result.Calls;
        Sent += result.Sent;
    }
}
