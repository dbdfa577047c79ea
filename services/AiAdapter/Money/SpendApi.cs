using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.AiAdapter.Money;

/// <summary>What was spent, over REST.</summary>
internal static class SpendApi
{
    public static void MapSpend(this RouteGroupBuilder routes, Team team) =>
        routes.MapGet("/spend", GetAsync).RequirePermission("ai.budgets.read", team);

    private static Task<SpendDocument> GetAsync(
        Id<TeamKind> teamId,
        Query<SpendFilter> filter,
        SpendReader spend
    ) => spend.ReadAsync(teamId.Value, filter.Value);
}
