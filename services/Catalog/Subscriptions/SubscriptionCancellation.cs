using ApiSvc.ServiceDefaults.Audit;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Subscriptions;

/// <summary>Ends the subscriptions of what is deleted.</summary>
internal sealed class SubscriptionCancellation(SubscriptionSteps steps)
{
    public Task CancelOfApiAsync(NpgsqlConnection db, Guid api, Actor actor) =>
        CancelAsync(db, "api_id", api, "The API was deleted.", actor);

    public Task CancelOfApplicationAsync(NpgsqlConnection db, Guid application, Actor actor) =>
        CancelAsync(db, "application_id", application, "The application was deleted.", actor);

    private async Task CancelAsync(
        NpgsqlConnection db,
        string column,
        Guid id,
        string comment,
        Actor actor
    )
    {
        var live = await db.QueryAsync<SubscriptionRow>(
            $"select * from subscription where {column} = @id and state in ('Pending', 'Active', 'Suspended') order by id for update",
            new { id }
        );
        foreach (var subscription in live)
        {
            await steps.TakeAsync(db, subscription, SubscriptionState.Cancelled, comment, actor);
        }
    }
}
