using System.Collections.Immutable;

namespace ApiSvc.Analytics.Rollups;

/// <summary>A family of rollups: the tables <c>x_series</c>, <c>x_minute</c>, <c>x_hour</c> and <c>x_day</c>.</summary>
/// <param name="Name">The tables' first word.</param>
/// <param name="Dimensions">The columns of its series.</param>
internal sealed record RollupFamily(string Name, IReadOnlyList<string> Dimensions)
{
    /// <summary>What is called: by operation.</summary>
    public static RollupFamily Api { get; } =
        new(
            "api",
            ["provider_team", "api_id", "version_id", "operation_id", "environment", "status_class"]
        );

    /// <summary>Who calls: by subscription.</summary>
    public static RollupFamily Application { get; } =
        new(
            "application",
            [
                "provider_team",
                "consumer_team",
                "api_id",
                "application_id",
                "subscription_id",
                "plan_id",
                "environment",
                "status_class",
            ]
        );

    /// <summary>What is called, by API: for questions about many.</summary>
    public static RollupFamily Summary { get; } =
        new("summary", ["provider_team", "api_id", "environment", "status_class"]);

    /// <summary>Whose APIs are called: for questions about all.</summary>
    public static RollupFamily Provider { get; } =
        new("provider", ["provider_team", "environment", "status_class"]);

    /// <summary>Those that calls are counted in.</summary>
    public static ImmutableArray<RollupFamily> OfCalls { get; } =
    [Api, Application, Summary, Provider];

    public string Series => Name + "_series";

    public string Minute => Name + "_minute";

    public string Hour => Name + "_hour";

    public string Day => Name + "_day";
}
