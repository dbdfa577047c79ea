using System.Diagnostics;

namespace ApiSvc.Bench;

/// <param name="PerSecond">Operations a second.</param>
/// <param name="Microseconds">Processor time of one operation, client and server together.</param>
internal sealed record Rate(double PerSecond, double Microseconds);

/// <summary>Runs an operation in a closed loop, so many at a time, and measures.</summary>
internal static class Load
{
    public static async Task<Rate> RunAsync(
        Func<Task> operation,
        int inFlight,
        TimeSpan duration,
        int weight = 1
    )
    {
        var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var begun = Stopwatch.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => LoopAsync()));
        var elapsed = Stopwatch.GetElapsedTime(begun);
        process.Refresh();
        var used = process.TotalProcessorTime - processor;
        var count = (double)done.Sum() * weight;
        return new(count / elapsed.TotalSeconds, used.TotalMicroseconds / count);

        async Task<int> LoopAsync()
        {
            var own = 0;
            // Off the caller's stack, so that the loops run side by side.
            await Task.Yield();
            while (Stopwatch.GetElapsedTime(begun) < duration)
            {
                await operation();
                own++;
            }

            return own;
        }
    }
}
