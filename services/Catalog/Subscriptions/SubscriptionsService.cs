using ApiSvc.Catalog.Applications;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Grpc.Core;
using ApiKind = ApiSvc.ServiceDefaults.Identifiers.ApiKind;

namespace ApiSvc.Catalog.Subscriptions;

/// <summary>Subscriptions over gRPC.</summary>
internal sealed class SubscriptionsService(SubscriptionRegistry subscriptions)
    : Contracts.Catalog.V1.Subscriptions.SubscriptionsBase
{
    [RequirePermission("subscriptions.read", Team = TeamSource.Any)]
    public override async Task<ListSubscriptionsResponse> ListSubscriptions(
        ListSubscriptionsRequest request,
        ServerCallContext context
    )
    {
        var filter = new SubscriptionFilter(
            MessageIds.ReadOptional<ApplicationKind>(request.ApplicationId, "#/application_id"),
            MessageIds.ReadOptional<ApiKind>(request.ApiId, "#/api_id"),
            request.State == Contracts.Catalog.V1.SubscriptionState.Unspecified
                ? null
                : (SubscriptionState)(int)request.State
        );
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.ApplicationId,
            request.ApiId,
            request.State.ToString()
        );
        var rows = await subscriptions.ListAsync(Actor.Of(context).Caller, filter, page);
        var shown = page.ToPage(rows, row => row.Id, row => row.ToMessage());
        return new() { Subscriptions = { shown.Items }, NextCursor = shown.NextCursor ?? "" };
    }

    [RequirePermission("subscriptions.read", Team = TeamSource.Any)]
    public override async Task<Subscription> GetSubscription(
        GetSubscriptionRequest request,
        ServerCallContext context
    ) =>
        (
            await subscriptions.FindAsync(
                MessageIds.Read<SubscriptionKind>(request.Id, "#/id").Value,
                Actor.Of(context).Caller
            )
        )
            .OrThrow()
            .ToMessage();

    [RequirePermission(
        "subscriptions.request",
        Team = TeamSource.Owner,
        Field = "application_id",
        Lookup = typeof(ApplicationOwners)
    )]
    public override Task<Subscription> Subscribe(
        SubscribeRequest request,
        ServerCallContext context
    )
    {
        var input = MessageRules.Check(
            new SubscriptionInput
            {
                ApiId = MessageIds.Read<ApiKind>(request.ApiId, "#/api_id"),
                PlanId = MessageIds.Read<PlanKind>(request.PlanId, "#/plan_id"),
                Environment = request.Environment,
                Reason = request.Reason,
            }
        );
        return IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
                (
                    await subscriptions.SubscribeAsync(
                        Id<ApplicationKind>.Parse(request.ApplicationId).Value,
                        input,
                        Actor.Of(context)
                    )
                )
                    .OrThrow()
                    .ToMessage()
        );
    }

    [RequirePermission("subscriptions.read", Team = TeamSource.Any)]
    public override async Task<Subscription> TransitionSubscription(
        TransitionSubscriptionRequest request,
        ServerCallContext context
    )
    {
        var to = (SubscriptionState)(int)request.To;
        if (!Enum.IsDefined(to))
        {
            throw new ApiProblemException(
                ApiProblem.Invalid(new Violation("#/to", "required", "Say to which state."))
            );
        }

        return (
            await subscriptions.MoveAsync(
                MessageIds.Read<SubscriptionKind>(request.Id, "#/id").Value,
                to,
                request.Comment,
                Problems.Etag(request.Etag, "#/etag"),
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();
    }
}
