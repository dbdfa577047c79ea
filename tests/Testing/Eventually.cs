using System.Diagnostics;

namespace ApiSvc.Testing;

/// <summary>Waits until something is as expected, and fails with what was waited for.</summary>
public static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Looks until <paramref name="isRight"/> says so.</summary>
    /// <returns>The last look.</returns>
    /// <exception cref="TimeoutException">It was not so within 20 seconds; the message tells the last look.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T>> look, Func<T, bool> isRight)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            var seen = await look();
            if (isRight(seen))
            {
                return seen;
            }

            if (Stopwatch.GetElapsedTime(start) > Deadline)
            {
                throw new TimeoutException($"Not within {Deadline}; last seen: {seen}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks until the answer is yes.</summary>
    /// <param name="condition">What to ask.</param>
    /// <param name="what">What is waited for, for the message.</param>
    /// <param name="within">How long; 20 seconds unless said.</param>
    /// <exception cref="TimeoutException">It was no for all that time.</exception>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition,
        string what,
        TimeSpan? within = null
    )
    {
        var deadline = within ?? Deadline;
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start) > deadline)
            {
                throw new TimeoutException($"Not within {deadline}: {what}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, string, TimeSpan?)" />
    public static Task HoldsAsync(Func<bool> condition, string what) =>
        HoldsAsync(() => Task.FromResult(condition()), what);
}
