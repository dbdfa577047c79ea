using System.Globalization;
using System.Text.RegularExpressions;
using ApiSvc.Bench.Gateway.Measuring;
using ApiSvc.Bench.Gateway.Processes;

namespace ApiSvc.Bench.Gateway.Load;

/// <summary>A fixed number of calls by <c>h2load</c>, all of them answered: HTTP/2 over TLS, or HTTP/1.1.</summary>
internal sealed partial class H2Load(Scratch scratch)
{
    public const int Connections = 8;
    public const int Streams = 8;
    private const int MostMilliseconds = 1_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private int _runs;

    /// <summary>HTTP/2, as many calls at a time as there are connections and streams.</summary>
    public Task<LoadResult> SaturateAsync(
        Contender contender,
        string path,
        long calls,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            contender,
            path,
            calls,
            ["-c", Text(Connections), "-m", Text(Streams)],
            cancellationToken
        );

    /// <summary>HTTP/2, one call at a time on each of 64 connections, at a rate.</summary>
    public Task<LoadResult> SteadyAsync(
        Contender contender,
        string path,
        int perSecond,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        const int Clients = Connections * Streams;
        var each = Math.Max(1, perSecond / Clients);
        var calls = (long)(each * Clients * time.TotalSeconds);
        return RunAsync(
            contender,
            path,
            calls,
            ["-c", Text(Clients), "-m", "1", "--rps", Text(each)],
            cancellationToken
        );
    }

    /// <summary>HTTP/1.1 with a key.</summary>
    public Task<LoadResult> KeyedAsync(
        Contender contender,
        string path,
        string key,
        long calls,
        CancellationToken cancellationToken
    ) =>
        RunAsync(
            contender,
            path,
            calls,
            ["--h1", "-c", Text(Connections), "-H", $"X-Api-Key: {key}"],
            cancellationToken
        );

    private async Task<LoadResult> RunAsync(
        Contender contender,
        string path,
        long calls,
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken
    )
    {
        var run = Interlocked.Increment(ref _runs);
        var output = scratch.File($"h2load-{run}.log");
        var log = scratch.File($"h2load-{run}.calls");
        await using var process = Child.Start(
            Cores.Others,
            output,
            [
                "h2load",
                "-n",
                Text(calls),
                .. arguments,
                $"--log-file={log}",
                contender.Address + path,
            ]
        );
        await process.ExitsAsync(Patience, cancellationToken);
        var text = await File.ReadAllTextAsync(output, cancellationToken);
        var result = Read(text, log, calls, contender);
        File.Delete(log);
        return result;
    }

    private static LoadResult Read(string text, string log, long calls, Contender contender)
    {
        var data = Number(DataBytes().Match(text));
        var good = Number(GoodStatus().Match(text));
        if (good != calls || data != calls * contender.AnswerBytes)
        {
            throw new BenchException(
                $"{contender.Name}: {good} good answers of {calls}, {data} bytes.\n{text}"
            );
        }

        // Start, status, time: microseconds.
        var latencies = File.ReadLines(log)
            .Select(l => double.Parse(l.Split('\t')[2], CultureInfo.InvariantCulture))
            .ToList();
        var seconds = Finished().Match(text);
        var time = double.Parse(seconds.Groups["time"].ValueSpan, CultureInfo.InvariantCulture);
        var scale = seconds.Groups["unit"].Value == "ms" ? 1e3 : 1e6;
        return new(
            calls,
            calls,
            data,
            (long)(time * scale),
            0,
            0,
            0,
            "",
            latencies.Quantile(0.5),
            latencies.Quantile(0.99)
        );
    }

    private static long Number(Match match) =>
        match.Success ? long.Parse(match.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) : -1;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"finished in (?<time>[0-9.]+)(?<unit>ms|s),",
        RegexOptions.ExplicitCapture,
        MostMilliseconds
    )]
    private static partial Regex Finished();

    [GeneratedRegex(@"status codes: (?<n>\d+) 2xx", RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex GoodStatus();

    [GeneratedRegex(@"\((?<n>\d+)\) data", RegexOptions.ExplicitCapture, MostMilliseconds)]
    private static partial Regex DataBytes();
}
