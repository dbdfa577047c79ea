using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Catalog.Plans;

/// <summary>Plans over REST.</summary>
internal static class PlansApi
{
    public static void MapPlans(this RouteGroupBuilder routes)
    {
        routes.MapGet("/plans", ListAsync).RequirePermission("plans.read", Team.Any);
        routes
            .MapPost("/teams/{teamId}/plans", CreateAsync)
            .RequirePermission("plans.write", Team.FromRoute("teamId"))
            .WithIdempotency();
        routes.MapGet("/plans/{planId}", GetAsync).RequirePermission("plans.read", Team.Any);
        routes
            .MapPut("/plans/{planId}", ReplaceAsync)
            .RequirePermission("plans.write", Team.Of<PlanOwners>("planId"));
    }

    private static async Task<Page<PlanDocument>> ListAsync(
        PageRequest<Guid> page,
        Query<ListFilter> filter,
        Caller caller,
        PlanRegistry plans
    ) =>
        page.ToPage(
            await plans.ListAsync(caller, filter.Value.TeamId?.Value, page),
            row => row.Id,
            row => row.ToDocument()
        );

    private static async Task<Results<Tagged<PlanDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<PlanInput> body,
        Actor actor,
        PlanRegistry plans
    ) =>
        (await plans.CreateAsync(teamId.Value, body.Value, actor)).To(row =>
            TaggedResults.Created($"/v1/plans/{row.PublicId}", row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<PlanDocument>, ApiProblem>> GetAsync(
        Id<PlanKind> planId,
        Caller caller,
        PlanRegistry plans
    ) =>
        (await plans.FindAsync(planId.Value, caller)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<PlanDocument>, ApiProblem>> ReplaceAsync(
        Id<PlanKind> planId,
        IfMatch ifMatch,
        Body<PlanInput> body,
        Actor actor,
        PlanRegistry plans
    ) =>
        (await plans.UpdateAsync(planId.Value, _ => body.Value, ifMatch.Check, actor)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    internal sealed record ListFilter
    {
        public Id<TeamKind>? TeamId { get; init; }
    }
}
