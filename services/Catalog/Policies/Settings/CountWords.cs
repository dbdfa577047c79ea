using ApiSvc.Contracts.GatewayConfig.V1;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary>The words for windows and for whose calls are counted together.</summary>
internal static class CountWords
{
    public static IReadOnlyDictionary<string, CountedBy> CountedBy { get; } =
        new Dictionary<string, CountedBy>(StringComparer.Ordinal)
        {
            ["subscription"] = Contracts.GatewayConfig.V1.CountedBy.Subscription,
            ["application"] = Contracts.GatewayConfig.V1.CountedBy.Application,
            ["user"] = Contracts.GatewayConfig.V1.CountedBy.User,
            ["address"] = Contracts.GatewayConfig.V1.CountedBy.Address,
            ["api"] = Contracts.GatewayConfig.V1.CountedBy.Api,
            ["operation"] = Contracts.GatewayConfig.V1.CountedBy.Operation,
        };

    public static IReadOnlyDictionary<string, Quota.Types.Window> Windows { get; } =
        new Dictionary<string, Quota.Types.Window>(StringComparer.Ordinal)
        {
            ["minute"] = Quota.Types.Window.Minute,
            ["hour"] = Quota.Types.Window.Hour,
            ["day"] = Quota.Types.Window.Day,
            ["week"] = Quota.Types.Window.Week,
            ["month"] = Quota.Types.Window.Month,
        };

    public static string Of<T>(this IReadOnlyDictionary<string, T> words, T value)
        where T : struct, Enum =>
        words.First(word => EqualityComparer<T>.Default.Equals(word.Value, value)).Key;
}
