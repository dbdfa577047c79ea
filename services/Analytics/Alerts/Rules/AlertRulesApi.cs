using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Analytics.Alerts.Rules;

/// <summary>Rules over REST.</summary>
internal static class AlertRulesApi
{
    public static void MapAlertRules(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet("/alert-rules", ListAsync).RequirePermission("alerts.read", team);
        routes
            .MapPost("/alert-rules", CreateAsync)
            .RequirePermission("alerts.write", team)
            .WithIdempotency();
        routes.MapGet("/alert-rules/{ruleId}", GetAsync).RequirePermission("alerts.read", team);
        routes
            .MapPut("/alert-rules/{ruleId}", ReplaceAsync)
            .RequirePermission("alerts.write", team);
        routes
            .MapDelete("/alert-rules/{ruleId}", DeleteAsync)
            .RequirePermission("alerts.write", team);
    }

    private static async Task<Page<AlertRuleDocument>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        AlertRuleRegistry rules
    ) =>
        page.ToPage(
            await rules.ListAsync(teamId.Value, page),
            row => row.Id,
            row => row.ToDocument()
        );

    private static async Task<Results<Tagged<AlertRuleDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<AlertRuleInput> body,
        Actor actor,
        AlertRuleRegistry rules
    ) =>
        (await rules.CreateAsync(teamId.Value, body.Value, InputPlace.Body, actor)).To(row =>
            TaggedResults.Created(
                $"/v1/teams/{teamId}/alert-rules/{row.PublicId}",
                row.ToDocument(),
                row.Version
            )
        );

    private static async Task<Results<Tagged<AlertRuleDocument>, ApiProblem>> GetAsync(
        Id<TeamKind> teamId,
        Id<AlertRuleKind> ruleId,
        AlertRuleRegistry rules
    ) =>
        (await rules.FindAsync(teamId.Value, ruleId.Value)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<AlertRuleDocument>, ApiProblem>> ReplaceAsync(
        Id<TeamKind> teamId,
        Id<AlertRuleKind> ruleId,
        IfMatch ifMatch,
        Body<AlertRuleInput> body,
        Actor actor,
        AlertRuleRegistry rules
    ) =>
        (
            await rules.UpdateAsync(
                teamId.Value,
                ruleId.Value,
                body.Value,
                InputPlace.Body,
                ifMatch.Check,
                actor
            )
        ).To(row => TaggedResults.Ok(row.ToDocument(), row.Version));

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<TeamKind> teamId,
        Id<AlertRuleKind> ruleId,
        IfMatch ifMatch,
        Actor actor,
        AlertRuleRegistry rules
    ) =>
        await rules.DeleteAsync(teamId.Value, ruleId.Value, ifMatch.Check, actor) is { } problem
            ? problem
            : TypedResults.NoContent();
}
