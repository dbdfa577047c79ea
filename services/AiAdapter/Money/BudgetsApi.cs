using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.AiAdapter.Money;

/// <summary>Budgets over REST.</summary>
internal static class BudgetsApi
{
    private const string Budgets = "/budgets";
    private const string Budget = Budgets + "/{budgetId}";

    public static void MapBudgets(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet(Budgets, ListAsync).RequirePermission("ai.budgets.read", team);
        routes
            .MapPost(Budgets, CreateAsync)
            .RequirePermission("ai.budgets.write", team)
            .WithIdempotency();
        routes.MapGet(Budget, GetAsync).RequirePermission("ai.budgets.read", team);
        routes.MapGet($"{Budget}/use", GetUseAsync).RequirePermission("ai.budgets.read", team);
        routes.MapPut(Budget, ReplaceAsync).RequirePermission("ai.budgets.write", team);
        routes.MapDelete(Budget, DeleteAsync).RequirePermission("ai.budgets.write", team);
    }

    private static async Task<Page<BudgetListItem>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        BudgetRegistry budgets,
        BudgetUseReader reader
    )
    {
        var rows = await budgets.ListAsync(teamId.Value, page);
        var uses = await reader.ReadAsync(rows);
        return page.ToPage(
            rows,
            row => row.Id,
            row => new BudgetListItem(row.ToDocument(), uses.GetValueOrDefault(row.Id))
        );
    }

    private static async Task<Results<Tagged<BudgetDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<BudgetInput> body,
        Actor actor,
        BudgetRegistry budgets
    ) =>
        (await budgets.CreateAsync(teamId.Value, body.Value, actor)).To(row =>
            TaggedResults.Created(
                $"/v1/teams/{teamId}/budgets/{row.PublicId}",
                row.ToDocument(),
                row.Version
            )
        );

    private static async Task<Results<Tagged<BudgetDocument>, ApiProblem>> GetAsync(
        Id<TeamKind> teamId,
        Id<BudgetKind> budgetId,
        BudgetRegistry budgets
    ) =>
        (await budgets.FindAsync(teamId.Value, budgetId.Value)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<Ok<BudgetUseDocument>, ApiProblem>> GetUseAsync(
        Id<TeamKind> teamId,
        Id<BudgetKind> budgetId,
        BudgetUseReader reader
    ) => (await reader.FindAsync(teamId.Value, budgetId.Value)).To(TypedResults.Ok);

    private static async Task<Results<Tagged<BudgetDocument>, ApiProblem>> ReplaceAsync(
        Id<TeamKind> teamId,
        Id<BudgetKind> budgetId,
        IfMatch ifMatch,
        Body<BudgetInput> body,
        Actor actor,
        BudgetRegistry budgets
    ) =>
        (
            await budgets.UpdateAsync(
                teamId.Value,
                budgetId.Value,
                body.Value,
                ifMatch.Check,
                actor
            )
        ).To(row => TaggedResults.Ok(row.ToDocument(), row.Version));

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<TeamKind> teamId,
        Id<BudgetKind> budgetId,
        IfMatch ifMatch,
        Actor actor,
        BudgetRegistry budgets
    ) =>
        await budgets.DeleteAsync(teamId.Value, budgetId.Value, ifMatch.Check, actor) is { } problem
            ? problem
            : TypedResults.NoContent();
}
