using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using Team = ApiSvc.Contracts.Identity.V1.Team;

namespace ApiSvc.Analytics.Dimensions;

/// <summary>What objects of the catalog and of Identity are called.</summary>
internal static class Naming
{
    /// <exception cref="FormatException">An id is none.</exception>
    public static DimensionName Of(Api api, bool deleted = false) =>
        new(
            NameKind.Api,
            Id<ApiSvc.ServiceDefaults.Identifiers.ApiKind>.Parse(api.Id).Value,
            api.Name,
            TeamOf(api.TeamId),
            Deleted: deleted
        );

    /// <exception cref="FormatException">An id is none.</exception>
    public static DimensionName Of(ApiVersion version, bool deleted = false) =>
        new(
            NameKind.Version,
            Id<VersionKind>.Parse(version.Id).Value,
            version.Name,
            Parent: Id<ApiSvc.ServiceDefaults.Identifiers.ApiKind>.Parse(version.ApiId).Value,
            Deleted: deleted
        );

    /// <exception cref="FormatException">An id is none.</exception>
    public static DimensionName Of(Plan plan) =>
        new(NameKind.Plan, Id<PlanKind>.Parse(plan.Id).Value, plan.Name, TeamOf(plan.TeamId));

    /// <exception cref="FormatException">An id is none.</exception>
    public static DimensionName Of(Application application, bool deleted = false) =>
        new(
            NameKind.Application,
            Id<ApplicationKind>.Parse(application.Id).Value,
            application.Name,
            TeamOf(application.TeamId),
            Deleted: deleted
        );

    /// <exception cref="FormatException">An id is none.</exception>
    public static DimensionName Of(Team team, bool deleted = false) =>
        new(NameKind.Team, Id<TeamKind>.Parse(team.Id).Value, team.Name, Deleted: deleted);

    private static Guid? TeamOf(string id) => id.Length == 0 ? null : Id<TeamKind>.Parse(id).Value;
}
