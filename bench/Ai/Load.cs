using System.Diagnostics;

namespace ApiSvc.Bench.Ai;

/// <summary>Asks.</summary>
internal static class Load
{
    public const string Plain = "plain";

    private const int InFlight = 16;

    /// <summary>As many calls as there is time for; how many there were.</summary>
    public static async Task<int> SaturateAsync(Way way, TimeSpan length)
    {
        using var http = Client();
        var begun = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(
            Enumerable
                .Range(0, InFlight)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        var count = 0;
                        while (Stopwatch.GetElapsedTime(begun) < length)
                        {
                            await OnceAsync(http, way);
                            count++;
                        }

                        return count;
                    })
                )
        );
        return counts.Sum();
    }

    /// <summary>So many calls a second, whether those before were answered or not; how long each took from when it was due.</summary>
    public static async Task<IReadOnlyList<TimeSpan>> PaceAsync(Way way, int rate, TimeSpan length)
    {
        using var http = Client();
        var interval = TimeSpan.FromSeconds(1.0 / rate);
        var calls = new List<Task<TimeSpan>>();
        var begun = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var next = TimeSpan.Zero; next < length; )
        {
            while (next <= Stopwatch.GetElapsedTime(begun) && next < length)
            {
                calls.Add(TimedAsync(http, way));
                next += interval;
            }

            await timer.WaitForNextTickAsync();
        }

        return await Task.WhenAll(calls);
    }

    public static HttpClient Client() =>
        new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                PooledConnectionLifetime = TimeSpan.FromHours(1),
            }
        )
        {
            Timeout = TimeSpan.FromMinutes(2),
        };

    private static async Task<TimeSpan> TimedAsync(HttpClient http, Way way)
    {
        var begun = Stopwatch.GetTimestamp();
        await OnceAsync(http, way);
        return Stopwatch.GetElapsedTime(begun);
    }

    private static async Task OnceAsync(HttpClient http, Way way)
    {
        using var answer = await way.AskAsync(http, Plain, stream: false);
        var body = await answer.Content.ReadAsStringAsync();
        if (!body.Contains("Hello there", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{way.Name} answered something else: {body}");
        }
    }
}
