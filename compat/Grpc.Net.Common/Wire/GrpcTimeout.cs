using System.Globalization;

namespace Grpc.Net.Wire;

/// <summary>A <c>grpc-timeout</c>: at most eight digits and a unit, one of <c>H M S m u n</c>.</summary>
internal static class GrpcTimeout
{
    private const long MaxAmount = 99_999_999;

    // From fine to coarse, in ticks of 100 ns; nanoseconds are read but, finer than a tick, not written.
    private static readonly (char Unit, long Ticks)[] Units =
    [
        ('u', TimeSpan.TicksPerMicrosecond),
        ('m', TimeSpan.TicksPerMillisecond),
        ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute),
        ('H', TimeSpan.TicksPerHour),
    ];

    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan timeout)
    {
        timeout = default;
        if (
            text.Length is < 2 or > 9
            || !long.TryParse(
                text[..^1],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var amount
            )
        )
        {
            return false;
        }

        if (text[^1] == 'n')
        {
            timeout = TimeSpan.FromTicks((amount + 99) / 100);
            return true;
        }

        foreach (var (unit, ticks) in Units)
        {
            if (unit == text[^1])
            {
                timeout = TimeSpan.FromTicks(amount * ticks);
                return true;
            }
        }

        return false;
    }

    /// <summary>In the finest unit that fits, rounded up: the server must not give up before the client does.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
        {
            return "1n";
        }

        foreach (var (unit, ticks) in Units)
        {
            var amount = ((timeout.Ticks - 1) / ticks) + 1;
            if (amount <= MaxAmount)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{amount}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{MaxAmount}H");
    }
}
