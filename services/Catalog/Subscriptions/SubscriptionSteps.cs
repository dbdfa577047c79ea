using ApiSvc.Catalog.Changes;
using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Deployments;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Subscriptions;

/// <summary>Writes down what a step of a subscription brings: the state, its event, the audit, the gateways' share.</summary>
internal sealed class SubscriptionSteps(
    UnitOfWork work,
    GatewayResources gateways,
    CatalogEvents events
)
{
    /// <summary>Takes a step that the table allows, in the transaction that is under way and on a row that it has locked.</summary>
    public async Task<SubscriptionRow> TakeAsync(
        NpgsqlConnection db,
        SubscriptionRow before,
        SubscriptionState to,
        string comment,
        Actor actor
    )
    {
        var after = before with { State = to, Comment = comment, Version = before.Version + 1 };
        await after.SaveAsync(db);
        work.AddAudit(
            actor.Did(
                "subscription.transition",
                after.PublicId,
                after.ApiTeamId,
                before.ToDocument(),
                after.ToDocument()
            )
        );
        await TellAsync(db, after, before.State);
        return after;
    }

    /// <summary>Tells of a state: only what is active is in the gateways' configuration.</summary>
    public async Task TellAsync(
        NpgsqlConnection db,
        SubscriptionRow subscription,
        SubscriptionState previous
    )
    {
        events.Changed(subscription, previous);
        var group = await db.ExecuteScalarAsync<string>(
            "select gateway_group from environment where name = @Environment",
            new { subscription.Environment }
        );
        if (subscription.State == SubscriptionState.Active)
        {
            gateways.Put(group!, SubscriptionCompiler.Compile(subscription.ToContent()));
        }
        else if (previous == SubscriptionState.Active)
        {
            gateways.Delete(group!, ResourceKind.Subscription, subscription.Id);
        }
    }
}
