using ApiSvc.Analytics.Dimensions;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Analytics.Queries;

/// <summary>Values of dimensions in SQL and in their public form.</summary>
internal static class DimensionKeys
{
    /// <summary>What stands for no value: a call without an application, without an answer.</summary>
    public const string None = "none";

    /// <summary>The column of rollups' series.</summary>
    public static string ColumnOf(Dimension dimension) =>
        dimension switch
        {
            Dimension.Api => "api_id",
            Dimension.Version => "version_id",
            Dimension.Operation => "operation_id",
            Dimension.Environment => "environment",
            Dimension.StatusClass => "status_class",
            Dimension.Application => "application_id",
            Dimension.Subscription => "subscription_id",
            _ => "plan_id",
        };

    public static bool IsId(Dimension dimension) =>
        dimension is not (Dimension.Environment or Dimension.StatusClass);

    /// <summary>The names that a dimension's values have; null where they are their own.</summary>
    public static NameKind? NamesOf(Dimension dimension) =>
        dimension switch
        {
            Dimension.Api => NameKind.Api,
            Dimension.Version => NameKind.Version,
            Dimension.Operation => NameKind.Operation,
            Dimension.Application => NameKind.Application,
            Dimension.Subscription => NameKind.Subscription,
            Dimension.Plan => NameKind.Plan,
            _ => null,
        };

    /// <param name="dimension">The dimension.</param>
    /// <param name="stored">The column's value as text.</param>
    public static string Publish(Dimension dimension, string stored)
    {
        if (!IsId(dimension))
        {
            return dimension == Dimension.StatusClass ? Class(stored)
                : stored.Length == 0 ? None
                : stored;
        }

        var id = Guid.Parse(stored);
        if (id == Guid.Empty)
        {
            return None;
        }

        return dimension switch
        {
            Dimension.Api => Text<ApiKind>(id),
            Dimension.Version => Text<VersionKind>(id),
            Dimension.Operation => Text<OperationKind>(id),
            Dimension.Application => Text<ApplicationKind>(id),
            Dimension.Subscription => Text<SubscriptionKind>(id),
            _ => Text<PlanKind>(id),
        };
    }

    private static string Class(string stored) => stored == "0" ? None : stored + "xx";

    private static string Text<TKind>(Guid id)
        where TKind : IIdKind => new Id<TKind>(id).ToString();
}
