using ApiSvc.Catalog.Outcomes;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using Grpc.Core;

namespace ApiSvc.Catalog.Plans;

/// <summary>Plans over gRPC.</summary>
internal sealed class PlansService(PlanRegistry plans) : Contracts.Catalog.V1.Plans.PlansBase
{
    [RequirePermission("plans.read", Team = TeamSource.Any)]
    public override async Task<ListPlansResponse> ListPlans(
        ListPlansRequest request,
        ServerCallContext context
    )
    {
        var team = MessageIds.ReadOptional<TeamKind>(request.TeamId, "#/team_id");
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.TeamId
        );
        var rows = await plans.ListAsync(Actor.Of(context).Caller, team, page);
        var shown = page.ToPage(rows, row => row.Id, row => row.ToMessage());
        return new() { Plans = { shown.Items }, NextCursor = shown.NextCursor ?? "" };
    }

    [RequirePermission("plans.read", Team = TeamSource.Any)]
    public override async Task<Plan> GetPlan(GetPlanRequest request, ServerCallContext context) =>
        (
            await plans.FindAsync(
                MessageIds.Read<PlanKind>(request.Id, "#/id").Value,
                Actor.Of(context).Caller
            )
        )
            .OrThrow()
            .ToMessage();

    [RequirePermission("plans.write", Team = TeamSource.Message, Field = "team_id")]
    public override Task<Plan> CreatePlan(CreatePlanRequest request, ServerCallContext context)
    {
        var input = MessageRules.Check((request.Plan ?? new()).ToInput(before: null), "plan");
        return IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
                (
                    await plans.CreateAsync(
                        Id<TeamKind>.Parse(request.TeamId).Value,
                        input,
                        Actor.Of(context)
                    )
                )
                    .OrThrow()
                    .ToMessage()
        );
    }

    [RequirePermission(
        "plans.write",
        Team = TeamSource.Owner,
        Field = "plan.id",
        Lookup = typeof(PlanOwners)
    )]
    public override async Task<Plan> UpdatePlan(
        UpdatePlanRequest request,
        ServerCallContext context
    ) =>
        (
            await plans.UpdateAsync(
                Id<PlanKind>.Parse(request.Plan.Id).Value,
                before => MessageRules.Check(request.Plan.ToInput(before), "plan"),
                Problems.Etag(request.Plan.Etag, "#/plan/etag"),
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();
}
