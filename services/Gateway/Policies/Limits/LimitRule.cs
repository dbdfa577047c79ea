using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Limits;
using Google.Protobuf;

namespace ApiSvc.Gateway.Policies.Limits;

/// <summary>A rate and a burst.</summary>
/// <param name="Name">In the RateLimit fields.</param>
/// <param name="Rate">Calls per period.</param>
/// <param name="Period">The period.</param>
/// <param name="Burst">Calls that may come at once.</param>
/// <param name="Key">The rule's part of its counters' keys.</param>
internal sealed record LimitRule(string Name, ulong Rate, TimeSpan Period, ulong Burst, UInt128 Key)
{
    /// <summary>The same, as it is counted.</summary>
    public GcraLimit Gcra { get; } = new(Rate, Period, Burst);

    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(31);

    /// <exception cref="RefusedResourceException">It limits nothing that can be counted.</exception>
    public static LimitRule Of(Limit? limit, string name, string pointer, Guid owner, string place)
    {
        if (limit is null || limit.Rate == 0 || limit.Burst == 0)
        {
            throw new RefusedResourceException(pointer, "Rate and burst must be at least 1.");
        }

        var period = limit.Period?.ToTimeSpan() ?? TimeSpan.Zero;
        return period > TimeSpan.Zero && period <= LongestPeriod
            ? new(
                name,
                limit.Rate,
                period,
                limit.Burst,
                CounterKey.OfRule(owner, place, limit.ToByteArray())
            )
            : throw new RefusedResourceException(
                pointer + "/period",
                "It must be positive and at most 31 days."
            );
    }
}
