using System.Globalization;
using System.Text.Json;
using ApiSvc.Bench.Gateway.Processes;
using ApiSvc.Bench.Gateway.Subjects;

namespace ApiSvc.Bench.Gateway.Load;

/// <summary>HTTP/1.1 calls by <c>wrk</c>: one thread, kept connections, as fast as answers come or at about a rate.</summary>
internal sealed class Wrk(Scratch scratch, int connections)
{
    private static readonly string Script = Path.Combine(
        AppContext.BaseDirectory,
        "Load",
        "wrk.lua"
    );
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private const int ShortestThinkMs = 4;

    private int _runs;

    /// <summary>As many calls as there can be.</summary>
    public Task<LoadResult> SaturateAsync(
        Contender contender,
        TimeSpan time,
        CancellationToken cancellationToken
    ) => RunAsync(contender, time, [], cancellationToken);

    /// <summary>As many calls as there can be while each answer is looked at.</summary>
    public Task<LoadResult> CheckAsync(
        Contender contender,
        TimeSpan time,
        CancellationToken cancellationToken
    ) => RunAsync(contender, time, [$"check={contender.AnswerBytes}"], cancellationToken);

    /// <summary>
    /// About this many calls a second: each connection waits a random time before its next, so there are more of them
    /// where waits would be shorter than the sender's clock can tell.
    /// </summary>
    public Task<LoadResult> SteadyAsync(
        Contender contender,
        int perSecond,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        var all = Math.Max(
            contender.Connections ?? connections,
            perSecond * ShortestThinkMs / 1000
        );
        var think = Math.Max(1, (int)Math.Round(1000.0 * all / perSecond));
        return RunAsync(
            contender with
            {
                Connections = all,
            },
            time,
            [string.Create(CultureInfo.InvariantCulture, $"think={think}")],
            cancellationToken
        );
    }

    private async Task<LoadResult> RunAsync(
        Contender contender,
        TimeSpan time,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        var output = scratch.File($"wrk-{Interlocked.Increment(ref _runs)}.log");
        var seconds = ((int)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await using var process = Child.Start(
            Cores.Others,
            output,
            [
                "wrk",
                "-t1",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"-c{contender.Connections ?? connections}"
                ),
                $"-d{seconds}s",
                "--timeout",
                "10s",
                "--latency",
                "-s",
                Script,
                contender.Address,
                "--",
                contender.RequestsFile,
                .. arguments,
            ]
        );
        await process.ExitsAsync(time + TimeSpan.FromSeconds(30), cancellationToken);
        var line =
            File.ReadLines(output)
                .LastOrDefault(l => l.StartsWith("RESULT ", StringComparison.Ordinal))
            ?? throw new BenchException(
                $"wrk: {await File.ReadAllTextAsync(output, cancellationToken)}"
            );
        var result = JsonSerializer.Deserialize<LoadResult>(line["RESULT ".Length..], Json)!;
        result.Check(contender.Name, contender.AnswerBytes);
        return result;
    }
}
