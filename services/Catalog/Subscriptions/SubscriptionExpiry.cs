using System.ComponentModel.DataAnnotations;
using ApiSvc.Catalog.Deployments;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Leadership;
using ApiSvc.ServiceDefaults.Permissions;
using Dapper;
using Microsoft.Extensions.Options;

namespace ApiSvc.Catalog.Subscriptions;

/// <summary>How subscriptions end by themselves, section <c>Subscriptions</c>.</summary>
internal sealed class SubscriptionOptions
{
    public const string Section = "Subscriptions";

    /// <summary>How often is looked for those whose time is over, 100 ms to 1 hour. 5 seconds unless set.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan ExpiryInterval { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>Ends subscriptions whose time is over. The gateways know the time too and do not wait for this.</summary>
internal sealed class SubscriptionExpiry(
    LeaderElection election,
    IServiceScopeFactory scopes,
    IOptions<SubscriptionOptions> options,
    TimeProvider time
) : LeaderService("subscription-expiry", election)
{
    private const int AtOnce = 100;

    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            if (await ExpireAsync(cancellationToken) < AtOnce)
            {
                await Task.Delay(options.Value.ExpiryInterval, time, cancellationToken);
            }
        }
    }

    private async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var work = services.GetRequiredService<UnitOfWork>();
        var db = await work.OpenAsync(cancellationToken);
        var due = (
            await db.QueryAsync<SubscriptionRow>(
                """
                select * from subscription where state in ('Active', 'Suspended') and expires_at <= @now
                order by id limit @AtOnce for update skip locked
                """,
                new { now = time.GetStoredNow(), AtOnce }
            )
        ).AsList();
        var steps = services.GetRequiredService<SubscriptionSteps>();
        var actor = Actor.System("catalog");
        foreach (var subscription in due)
        {
            await steps.TakeAsync(
                db,
                subscription,
                SubscriptionState.Expired,
                "Its time is over.",
                actor
            );
        }

        await services.GetRequiredService<GatewayResources>().AppendAsync(cancellationToken);
        await work.CommitAsync(cancellationToken);
        return due.Count;
    }
}
