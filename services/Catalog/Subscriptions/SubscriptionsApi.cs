using ApiSvc.Catalog.Applications;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Catalog.Subscriptions;

/// <summary>Subscriptions over REST.</summary>
internal static class SubscriptionsApi
{
    public static void MapSubscriptions(this RouteGroupBuilder routes)
    {
        routes
            .MapGet("/subscriptions", ListAsync)
            .RequirePermission("subscriptions.read", Team.Any);
        routes
            .MapPost("/applications/{applicationId}/subscriptions", SubscribeAsync)
            .RequirePermission("subscriptions.request", Team.Of<ApplicationOwners>("applicationId"))
            .WithIdempotency();
        routes
            .MapGet("/subscriptions/{subscriptionId}", GetAsync)
            .RequirePermission("subscriptions.read", Team.Any);
        // Each step is for one of two teams, which the handler finds.
        routes
            .MapPost("/subscriptions/{subscriptionId}/transitions", MoveAsync)
            .RequirePermission("subscriptions.read", Team.Any);
    }

    private static async Task<Page<SubscriptionDocument>> ListAsync(
        PageRequest<Guid> page,
        Query<ListFilter> filter,
        Caller caller,
        SubscriptionRegistry subscriptions
    ) =>
        page.ToPage(
            await subscriptions.ListAsync(
                caller,
                new(
                    filter.Value.ApplicationId?.Value,
                    filter.Value.ApiId?.Value,
                    filter.Value.State
                ),
                page
            ),
            row => row.Id,
            row => row.ToDocument()
        );

    private static async Task<Results<Tagged<SubscriptionDocument>, ApiProblem>> SubscribeAsync(
        Id<ApplicationKind> applicationId,
        Body<SubscriptionInput> body,
        Actor actor,
        SubscriptionRegistry subscriptions
    ) =>
        (await subscriptions.SubscribeAsync(applicationId.Value, body.Value, actor)).To(row =>
            TaggedResults.Created(
                $"/v1/subscriptions/{row.PublicId}",
                row.ToDocument(),
                row.Version
            )
        );

    private static async Task<Results<Tagged<SubscriptionDocument>, ApiProblem>> GetAsync(
        Id<SubscriptionKind> subscriptionId,
        Caller caller,
        SubscriptionRegistry subscriptions
    ) =>
        (await subscriptions.FindAsync(subscriptionId.Value, caller)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<Ok<SubscriptionDocument>, ApiProblem>> MoveAsync(
        Id<SubscriptionKind> subscriptionId,
        IfMatch ifMatch,
        Body<SubscriptionStepInput> body,
        Actor actor,
        SubscriptionRegistry subscriptions,
        HttpResponse response
    )
    {
        var outcome = await subscriptions.MoveAsync(
            subscriptionId.Value,
            body.Value.To,
            body.Value.Comment,
            ifMatch.Check,
            actor
        );
        return outcome.To(row =>
        {
            response.Headers.ETag = EntityTag.From(row.Version).ToString();
            return TypedResults.Ok(row.ToDocument());
        });
    }

    internal sealed record ListFilter
    {
        public Id<ApplicationKind>? ApplicationId { get; init; }

        public Id<ApiKind>? ApiId { get; init; }

        public SubscriptionState? State { get; init; }
    }
}
