using ApiSvc.Bench.Gateway.Load;

namespace ApiSvc.Bench.Gateway.Scenarios;

/// <summary>What comes before numbers: answers that are right, and code that is compiled.</summary>
internal static class Warming
{
    private static readonly TimeSpan Check = TimeSpan.FromSeconds(1);

    /// <returns>Calls with an answer, and requests sent, by contender.</returns>
    public static async Task<Dictionary<string, CallCount>> WarmAsync(
        this Wrk wrk,
        IReadOnlyList<Contender> contenders,
        BenchOptions options,
        Progress progress,
        CancellationToken cancellationToken
    )
    {
        var counts = contenders.ToDictionary(c => c.Name, _ => new CallCount());
        foreach (var contender in contenders)
        {
            progress.Say($"warming {contender.Name}");
            var count = counts[contender.Name];
            count.Add(await wrk.CheckAsync(contender, Check, cancellationToken));
            var time = contender.Subject.CompilesAtRunTime ? options.WarmUp : Check;
            count.Add(await wrk.SaturateAsync(contender, time, cancellationToken));
        }

        return counts;
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
