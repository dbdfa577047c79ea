using System.Diagnostics;

namespace ApiSvc.Compat.Tests;

/// <summary>Waits until what is looked at is as expected.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    /// <summary>Looks until <paramref name="isRight"/> says so.</summary>
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

            await Task.Delay(20);
        }
    }
}
