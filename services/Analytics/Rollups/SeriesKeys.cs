using System.Runtime.InteropServices;
using ApiSvc.Analytics.Records;

namespace ApiSvc.Analytics.Rollups;

/// <summary>A row of <c>api_series</c>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ApiSeriesKey(
    Guid ProviderTeam,
    Guid ApiId,
    Guid VersionId,
    Guid OperationId,
    string Environment,
    short StatusClass
)
{
    public static ApiSeriesKey Of(ParsedCall call) =>
        new(
            call.ProviderTeam,
            call.ApiId,
            call.VersionId,
            call.OperationId,
            call.Environment?.Value ?? "",
            call.StatusClass
        );
}

/// <summary>A row of <c>summary_series</c>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SummarySeriesKey(
    Guid ProviderTeam,
    Guid ApiId,
    string Environment,
    short StatusClass
)
{
    public static SummarySeriesKey Of(ParsedCall call) =>
        new(call.ProviderTeam, call.ApiId, call.Environment?.Value ?? "", call.StatusClass);
}

/// <summary>A row of <c>provider_series</c>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ProviderSeriesKey(
    Guid ProviderTeam,
    string Environment,
    short StatusClass
)
{
    public static ProviderSeriesKey Of(ParsedCall call) =>
        new(call.ProviderTeam, call.Environment?.Value ?? "", call.StatusClass);
}

/// <summary>A row of <c>application_series</c>.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ApplicationSeriesKey(
    Guid ProviderTeam,
    Guid ConsumerTeam,
    Guid ApiId,
    Guid ApplicationId,
    Guid SubscriptionId,
    Guid PlanId,
    string Environment,
    short StatusClass
)
{
    public static ApplicationSeriesKey Of(ParsedCall call) =>
        new(
            call.ProviderTeam,
            call.ConsumerTeam,
            call.ApiId,
            call.ApplicationId,
            call.SubscriptionId,
            call.PlanId,
            call.Environment?.Value ?? "",
            call.StatusClass
        );
}
