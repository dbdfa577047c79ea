using ApiSvc.Analytics.Alerts.Channels;
using ApiSvc.Analytics.Alerts.Deliveries;
using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.Analytics.Alerts.History;
using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.Analytics.Alerts.Silences;
using ApiSvc.Contracts.Analytics.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;

namespace ApiSvc.Analytics.Alerts;

/// <summary>Alerts over gRPC; rules, channels and silences are beside this file.</summary>
internal sealed partial class AlertsService(
    AlertRuleRegistry rules,
    AlertList alerts,
    SilenceRegistry silences,
    ChannelRegistry channels,
    ChannelTests tests,
    DeliveryList deliveries
) : Contracts.Analytics.V1.Alerts.AlertsBase
{
    private const string Read = "alerts.read";
    private const string Write = "alerts.write";

    [RequirePermission(Read, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<ListAlertsResponse> ListAlerts(
        ListAlertsRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            [request.TeamId, .. request.States.Select(s => s.ToString())]
        );
        var states = request.States.Select(s => (Evaluation.AlertState)(int)s).ToList();
        var rows = await alerts.ListAsync(TeamOf(request.TeamId), states, page);
        var (items, next) = page.ToPage(rows, row => row.RuleId, row => row.ToMessage());
        return new() { Alerts = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission(Read, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<ListAlertHistoryResponse> ListAlertHistory(
        ListAlertHistoryRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.TeamId,
            request.RuleId
        );
        var rule = FilterBy<AlertRuleKind>(request.RuleId, "#/rule_id");
        var rows = await alerts.ListChangesAsync(TeamOf(request.TeamId), rule, page);
        var (items, next) = page.ToPage(rows, row => row.Id, row => row.ToMessage());
        return new() { Changes = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission(Read, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<ListAlertDeliveriesResponse> ListAlertDeliveries(
        ListAlertDeliveriesRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.TeamId,
            request.ChannelId,
            request.Status.ToString()
        );
        var rows = await deliveries.ListAsync(
            TeamOf(request.TeamId),
            FilterBy<ChannelKind>(request.ChannelId, "#/channel_id"),
            request.Status == AlertDeliveryStatus.Unspecified
                ? null
                : (DeliveryStatus)(int)request.Status,
            page
        );
        var (items, next) = page.ToPage(rows, row => row.Id, row => row.ToMessage());
        return new() { Deliveries = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission(Read, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<AlertDelivery> GetAlertDelivery(
        GetAlertDeliveryRequest request,
        ServerCallContext context
    ) =>
        (await deliveries.FindAsync(TeamOf(request.TeamId), IdOf<NotificationKind>(request.Id)))
            .OrThrow()
            .ToMessage();

    // The permission was decided by it, so it can be read.
    private static Guid TeamOf(string id) => Id<TeamKind>.Parse(id).Value;

    // What is no id is the id of nothing.
    private static Guid IdOf<TKind>(string text)
        where TKind : IIdKind =>
        Id<TKind>.TryParse(text, out var id)
            ? id.Value
            : throw new ApiProblemException(ApiProblem.NotFound);

    private static Guid? FilterBy<TKind>(string text, string field)
        where TKind : IIdKind =>
        text.Length == 0 ? null
        : Id<TKind>.TryParse(text, out var id) ? id.Value
        : throw new ApiProblemException(
            ApiProblem.Invalid(
                new Violation(
                    field,
                    "invalid_id",
                    $"Give an id that starts with '{TKind.Prefix}_', or none for all."
                )
            )
        );
}
