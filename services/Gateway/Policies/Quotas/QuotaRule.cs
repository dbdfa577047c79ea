using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Limits;
using Google.Protobuf;
using Counted = ApiSvc.Gateway.Limits.Quota;
using Quota = ApiSvc.Contracts.GatewayConfig.V1.Quota;

namespace ApiSvc.Gateway.Policies.Quotas;

/// <summary>A count in a calendar window.</summary>
/// <param name="Name">In the RateLimit fields.</param>
/// <param name="Count">Calls per window.</param>
/// <param name="Window">The window, UTC.</param>
/// <param name="Key">The rule's part of its counters' keys.</param>
internal sealed record QuotaRule(string Name, ulong Count, Quota.Types.Window Window, UInt128 Key)
{
    private const long Day = 86_400;

    /// <summary>The same, as it is counted; the windows have the same numbers.</summary>
    public Counted AsCounted { get; } = new(Count, (QuotaWindow)Window);

    /// <summary>Length of the window of a moment.</summary>
    public long WindowSeconds(DateTimeOffset now) =>
        Window switch
        {
            Quota.Types.Window.Minute => 60,
            Quota.Types.Window.Hour => 3_600,
            Quota.Types.Window.Day => Day,
            Quota.Types.Window.Week => 7 * Day,
            _ => DateTime.DaysInMonth(now.Year, now.Month) * Day,
        };

    /// <exception cref="RefusedResourceException">It limits nothing that can be counted.</exception>
    public static QuotaRule Of(Quota? quota, string name, string pointer, Guid owner, string place)
    {
        if (quota is null || quota.Count == 0)
        {
            throw new RefusedResourceException(pointer, "The count must be at least 1.");
        }

        return Enum.IsDefined(quota.Window) && quota.Window != Quota.Types.Window.Unspecified
            ? new(
                name,
                quota.Count,
                quota.Window,
                CounterKey.OfRule(owner, place, quota.ToByteArray())
            )
            : throw new RefusedResourceException(pointer + "/window", "It is no window.");
    }
}
