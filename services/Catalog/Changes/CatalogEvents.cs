using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.Applications;
using ApiSvc.Catalog.Deployments;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Plans;
using ApiSvc.Catalog.Subscriptions;
using ApiSvc.Catalog.Versions;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;
using Dapper;
using Google.Protobuf;

namespace ApiSvc.Catalog.Changes;

/// <summary>Tells of changes in the transaction that makes them: to Kafka, and to those who watch.</summary>
internal sealed class CatalogEvents(UnitOfWork work)
{
    private const string Topic = "apisvc.catalog";

    public async Task ChangedAsync(ApiRow api)
    {
        Add(api.PublicId, new ApiChanged { Api = api.ToMessage() });
        await NotifyAsync(new() { Kind = ChangeKind.Api, Id = api.Id });
    }

    public async Task DeletedAsync(ApiRow api, bool wasOffered)
    {
        Add(api.PublicId, new ApiChanged { Api = api.ToMessage(), Deleted = true });
        await NotifyAsync(
            new ChangeNotice
            {
                Kind = ChangeKind.ApiDeleted,
                Id = api.Id,
                WasOffered = wasOffered,
            }.WithOwner(api)
        );
    }

    public async Task ChangedAsync(
        ApiRow api,
        VersionRow version,
        VersionState? previous = null,
        bool deleted = false
    )
    {
        Add(
            api.PublicId,
            new VersionChanged
            {
                Version = version.ToMessage(),
                PreviousState = (Contracts.Catalog.V1.VersionState)(int)(previous ?? version.State),
                Deleted = deleted,
            }
        );
        await NotifyAsync(
            deleted
                ? new ChangeNotice { Kind = ChangeKind.VersionDeleted, Id = version.Id }.WithOwner(
                    api
                )
                : new() { Kind = ChangeKind.Version, Id = version.Id }
        );
    }

    public void Deployed(ApiRow api, Contracts.Catalog.V1.Revision revision, ulong generation) =>
        Add(api.PublicId, new RevisionDeployed { Revision = revision, Generation = generation });

    public void Changed(PlanRow plan) =>
        Add(plan.PublicId, new PlanChanged { Plan = plan.ToMessage() });

    public void Changed(ApplicationRow application, bool deleted = false) =>
        Add(
            application.PublicId,
            new ApplicationChanged { Application = application.ToMessage(), Deleted = deleted }
        );

    // Under the application's key: what is told of it and of its subscriptions stays in order.
    public void Changed(SubscriptionRow subscription, SubscriptionState previous) =>
        Add(
            subscription.ApplicationPublicId,
            new SubscriptionChanged
            {
                Subscription = subscription.ToMessage(),
                PreviousState = (Contracts.Catalog.V1.SubscriptionState)(int)previous,
            }
        );

    private void Add(string key, IMessage message) =>
        work.AddEvent(OutboxEvent.Of(Topic, key, message));

    private async Task NotifyAsync(ChangeNotice notice)
    {
        var db = await work.OpenAsync();
        await db.ExecuteAsync(
            "select pg_notify(@channel, @payload)",
            new { channel = ChangeNotice.Channel, payload = Stored.Write(notice) }
        );
    }
}
