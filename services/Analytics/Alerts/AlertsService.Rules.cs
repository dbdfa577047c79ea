using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.Contracts.Analytics.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;

namespace ApiSvc.Analytics.Alerts;

/// <content>Rules.</content>
internal sealed partial class AlertsService
{
    [RequirePermission(Read, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<ListAlertRulesResponse> ListAlertRules(
        ListAlertRulesRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.TeamId
        );
        var rows = await rules.ListAsync(TeamOf(request.TeamId), page);
        var (items, next) = page.ToPage(rows, row => row.Id, row => row.ToMessage());
        return new() { Rules = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission(Read, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<AlertRule> GetAlertRule(
        GetAlertRuleRequest request,
        ServerCallContext context
    ) =>
        (await rules.FindAsync(TeamOf(request.TeamId), IdOf<AlertRuleKind>(request.Id)))
            .OrThrow()
            .ToMessage();

    [RequirePermission(Write, Team = TeamSource.Message, Field = "team_id")]
    public override Task<AlertRule> CreateAlertRule(
        CreateAlertRuleRequest request,
        ServerCallContext context
    )
    {
        var input = (request.Rule ?? new()).ToInput();
        return IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
                (
                    await rules.CreateAsync(
                        TeamOf(request.TeamId),
                        input,
                        InputPlace.Message("rule"),
                        Actor.Of(context)
                    )
                )
                    .OrThrow()
                    .ToMessage()
        );
    }

    [RequirePermission(Write, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<AlertRule> UpdateAlertRule(
        UpdateAlertRuleRequest request,
        ServerCallContext context
    )
    {
        var rule = request.Rule ?? new();
        return (
            await rules.UpdateAsync(
                TeamOf(request.TeamId),
                IdOf<AlertRuleKind>(rule.Id),
                rule.ToInput(),
                InputPlace.Message("rule"),
                version => MessageEtag.Check(rule.Etag, version, "#/rule/etag"),
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();
    }

    [RequirePermission(Write, Team = TeamSource.Message, Field = "team_id")]
    public override async Task<DeleteAlertRuleResponse> DeleteAlertRule(
        DeleteAlertRuleRequest request,
        ServerCallContext context
    ) =>
        await rules.DeleteAsync(
            TeamOf(request.TeamId),
            IdOf<AlertRuleKind>(request.Id),
            version => MessageEtag.Check(request.Etag, version, "#/etag"),
            Actor.Of(context)
        )
            is { } problem
            ? throw new ApiProblemException(problem)
            : new();
}
