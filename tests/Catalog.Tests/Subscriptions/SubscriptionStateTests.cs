using System.Net;
using ApiSvc.Catalog.Subscriptions;
using ApiSvc.Catalog.Tests.Hosting;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;

namespace ApiSvc.Catalog.Tests.Subscriptions;

public sealed class SubscriptionStateTests
{
    [Fact]
    public void Table_AllPairs_AreThoseOfTheDesign() =>
        (
            from @from in Enum.GetValues<SubscriptionState>()
            from to in Enum.GetValues<SubscriptionState>()
            let step = SubscriptionTransitions.Find(@from, to)
            where step is not null
            select $"{@from} {to}: {step.By}"
        ).ShouldBe([
            "Pending Active: Provider",
            "Pending Rejected: Provider",
            "Pending Cancelled: Consumer, Catalog",
            "Active Suspended: Provider",
            "Active Cancelled: Provider, Consumer, Catalog",
            "Active Expired: Catalog",
            "Suspended Active: Provider",
            "Suspended Cancelled: Provider, Consumer, Catalog",
            "Suspended Expired: Catalog",
        ]);

    [Fact]
    public async Task Transition_EachPairOfStatesByEachSide_IsAsTheTableSays()
    {
        await using var host = await CatalogHost.StartAsync();
        var scene = await StartAsync(host);
        var subscription = (
            await scene.Consumer.SubscribeAsync(scene.Application, scene.Api, scene.Plan)
        )
            .ShouldBe(HttpStatusCode.Created)
            .Id;
        var id = Id<SubscriptionKind>.Parse(subscription).Value;

        foreach (
            var (party, side) in new[]
            {
                (scene.Provider, Parties.Provider),
                (scene.Consumer, Parties.Consumer),
            }
        )
        {
            foreach (var from in Enum.GetValues<SubscriptionState>())
            {
                foreach (var to in Enum.GetValues<SubscriptionState>())
                {
                    await host.QueryAsync<int>(
                        "update subscription set state = @from where id = @id",
                        new { from = from.ToString(), id }
                    );
                    var answer = await party.PostAsync(
                        $"/v1/subscriptions/{subscription}/transitions",
                        new { to = char.ToLowerInvariant(to.ToString()[0]) + to.ToString()[1..] },
                        ifMatch: "*"
                    );
                    var step = SubscriptionTransitions.Find(from, to);
                    answer.Status.ShouldBe(
                        step is null ? HttpStatusCode.Conflict
                            : step.By.HasFlag(side) ? HttpStatusCode.OK
                            : HttpStatusCode.Forbidden,
                        $"{side}: {from} {to}: {answer.Text}"
                    );
                    (
                        await host.QueryAsync<string>(
                            "select state from subscription where id = @id",
                            new { id }
                        )
                    ).ShouldBe(
                        answer.Status == HttpStatusCode.OK ? to.ToString() : from.ToString()
                    );
                }
            }
        }
    }

    [Fact]
    public async Task Log_OfASubscription_HoldsItWhileItIsActive()
    {
        await using var host = await CatalogHost.StartAsync();
        var scene = await StartAsync(host);
        var created = await scene.Consumer.SubscribeAsync(scene.Application, scene.Api, scene.Plan);
        created.ShouldBe(HttpStatusCode.Created)["state"].ShouldBe("pending");
        var second = await scene.Consumer.SubscribeAsync(scene.Application, scene.Api, scene.Plan);
        (await SubscriptionsAsync(host)).ShouldBeEmpty();

        await MoveAsync(scene.Provider, created.Id, "active");
        var active = (await SubscriptionsAsync(host)).ShouldHaveSingleItem();
        await MoveAsync(scene.Provider, created.Id, "suspended");
        var suspended = await SubscriptionsAsync(host);
        await MoveAsync(scene.Provider, created.Id, "active");
        await MoveAsync(scene.Consumer, created.Id, "cancelled");

        second.ShouldBeRefused(HttpStatusCode.Conflict, "already-subscribed");
        new Guid(active.SubscriptionId.Span, bigEndian: true).ShouldBe(
            Id<SubscriptionKind>.Parse(created.Id).Value
        );
        suspended.ShouldBeEmpty();
        (await SubscriptionsAsync(host)).ShouldBeEmpty();
        (
            await host.ResourcesAsync<Contracts.GatewayConfig.V1.Subscription>(
                "production",
                ResourceKind.Subscription
            )
        ).ShouldBeEmpty();
    }

    [Fact]
    public async Task DeletedApplication_WithSubscriptions_IsGoneFromTheLogWithThem()
    {
        await using var host = await CatalogHost.StartAsync();
        var scene = await StartAsync(host, approval: "automatic");
        var subscription = await scene.Consumer.SubscribeAsync(
            scene.Application,
            scene.Api,
            scene.Plan
        );
        subscription.ShouldBe(HttpStatusCode.Created)["state"].ShouldBe("active");
        (await SubscriptionsAsync(host)).Count.ShouldBe(1);

        (await scene.Consumer.DeleteAsync($"/v1/applications/{scene.Application}")).ShouldBe(
            HttpStatusCode.NoContent
        );

        (await SubscriptionsAsync(host)).ShouldBeEmpty();
        foreach (var group in new[] { "sandbox", "production" })
        {
            (
                await host.ResourcesAsync<Contracts.GatewayConfig.V1.Application>(
                    group,
                    ResourceKind.Application
                )
            ).ShouldBeEmpty();
        }

        (await scene.Provider.GetAsync($"/v1/subscriptions/{subscription.Id}"))["state"]
            .ShouldBe("cancelled");
        (await scene.Consumer.GetAsync($"/v1/applications/{scene.Application}")).ShouldBe(
            HttpStatusCode.NotFound
        );
        await Eventually.HoldsAsync(
            () =>
                host.Events.All.Any(e =>
                    e.Type == "apisvc.events.v1.ApplicationChanged"
                    && e.Key == scene.Application
                    && Contracts.Events.V1.ApplicationChanged.Parser.ParseFrom(e.Payload).Deleted
                ),
            "the deletion is told"
        );
    }

    [Fact]
    public async Task Subscription_WhoseTimeIsOver_Expires()
    {
        await using var host = await CatalogHost.StartAsync();
        var scene = await StartAsync(host, approval: "automatic");
        var subscription = await scene.Consumer.SubscribeAsync(
            scene.Application,
            scene.Api,
            scene.Plan,
            expiresAt: DateTimeOffset.UtcNow.AddSeconds(1)
        );
        subscription.ShouldBe(HttpStatusCode.Created);

        var seen = await Eventually.GetAsync(
            () => scene.Consumer.GetAsync($"/v1/subscriptions/{subscription.Id}"),
            answer => answer["state"] == "expired"
        );

        seen["state"].ShouldBe("expired");
        (await SubscriptionsAsync(host)).ShouldBeEmpty();
    }

    private static async Task MoveAsync(Party party, string subscription, string to) =>
        (
            await party.PostAsync(
                $"/v1/subscriptions/{subscription}/transitions",
                new { to },
                ifMatch: "*"
            )
        ).ShouldBe(HttpStatusCode.OK);

    private static Task<IReadOnlyList<Contracts.GatewayConfig.V1.Subscription>> SubscriptionsAsync(
        CatalogHost host
    ) =>
        host.ResourcesAsync<Contracts.GatewayConfig.V1.Subscription>(
            "sandbox",
            ResourceKind.Subscription
        );

    private static async Task<Sides> StartAsync(CatalogHost host, string approval = "manual")
    {
        var (team, provider) = host.NewTeam("acme");
        var (consumers, consumer) = host.NewTeam("shop");
        var api = await provider.ApiAsync(team);
        var version = await provider.ImportAsync(api);
        var plan = await provider.PlanAsync(team, approval);
        await provider.OfferAsync(version, plan);
        await provider.PublishAsync(version);
        var application = await consumer.ApplicationAsync(consumers);
        return new(provider, consumer, api, plan, application);
    }

    private sealed record Sides(
        Party Provider,
        Party Consumer,
        string Api,
        string Plan,
        string Application
    );
}
