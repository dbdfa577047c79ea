using System.Globalization;
using ApiSvc.Bench.Gateway.Load;
using ApiSvc.Bench.Gateway.Processes;

namespace ApiSvc.Bench.Gateway.Measuring;

/// <summary>
/// Instructions a call, by <c>perf stat</c>, in turns of their own: counting costs something too. They hardly move where
/// processor time does, but not every machine can count them.
/// </summary>
internal sealed class Instructions(Scratch scratch, TimeSpan turn)
{
    private const string Event = "instructions";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // The load's processes start and end within what is counted.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    private int _runs;
    private bool? _canCount;

    /// <returns>Instructions a call; null: the processor does not count them.</returns>
    public async Task<double?> CountAsync(
        Contender contender,
        Func<Contender, Task<LoadResult>> load,
        CancellationToken cancellationToken
    )
    {
        _canCount ??= await TryAsync(cancellationToken);
        if (_canCount is false)
        {
            return null;
        }

        var output = scratch.File($"perf-{_runs++}.log");
        var ids = string.Join(',', ProcessTree.IdsOf(contender.Subject.Process.Id));
        await using var perf = Child.Start(
            Cores.Others,
            output,
            ["perf", "stat", "-x,", "-e", Event, "-p", ids, "sleep", Text(turn + Margin)]
        );
        var result = await load(contender);
        await perf.ExitsAsync(turn + Patience, cancellationToken);
        return Read(await File.ReadAllTextAsync(output, cancellationToken)) / result.Calls;
    }

    private async Task<bool> TryAsync(CancellationToken cancellationToken)
    {
        var output = scratch.File("perf-try.log");
        try
        {
            await using var perf = Child.Start(
                Cores.Others,
                output,
                ["perf", "stat", "-x,", "-e", Event, "true"]
            );
            await perf.ExitsAsync(Patience, cancellationToken);
        }
        catch (BenchException)
        {
            // It is not there, or may not count.
            return false;
        }

        return Read(await File.ReadAllTextAsync(output, cancellationToken)) is not null;
    }

    private static string Text(TimeSpan time) =>
        time.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    // count,unit,event,…; the count is <not supported> where there is none.
    private static double? Read(string text) =>
        text.Split('\n').FirstOrDefault(l => l.Contains(Event, StringComparison.Ordinal))
            is { } line
        && double.TryParse(
            line.Split(',')[0],
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var count
        )
            ? count
            : null;
}
