using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.Analytics.Alerts.History;

/// <summary>Alerts and their changes over REST.</summary>
internal static class AlertsApi
{
    public static void MapAlertList(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet("/alerts", ListAsync).RequirePermission("alerts.read", team);
        routes.MapGet("/alert-history", ListChangesAsync).RequirePermission("alerts.read", team);
    }

    private static async Task<Page<AlertDocument>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        Query<AlertFilterInput> filter,
        AlertList alerts
    ) =>
        page.ToPage(
            await alerts.ListAsync(teamId.Value, filter.Value.State, page),
            row => row.RuleId,
            row => row.ToDocument()
        );

    private static async Task<Page<AlertChangeDocument>> ListChangesAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        Query<HistoryFilterInput> filter,
        AlertList alerts
    ) =>
        page.ToPage(
            await alerts.ListChangesAsync(teamId.Value, filter.Value.RuleId?.Value, page),
            row => row.Id,
            row => row.ToDocument()
        );

    internal sealed record AlertFilterInput
    {
        public IReadOnlyList<AlertState> State { get; init; } = [];
    }

    internal sealed record HistoryFilterInput
    {
        public Id<AlertRuleKind>? RuleId { get; init; }
    }
}
