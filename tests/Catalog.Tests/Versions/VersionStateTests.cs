using System.Net;
using ApiSvc.Catalog.Tests.Hosting;
using ApiSvc.Catalog.Versions;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using Grpc.Core;
using VersionState = ApiSvc.Catalog.Versions.VersionState;

namespace ApiSvc.Catalog.Tests.Versions;

public sealed class VersionStateTests
{
    [Fact]
    public void Table_AllPairs_AreThoseOfTheDesign()
    {
        var allowed =
            from @from in Enum.GetValues<VersionState>()
            from to in Enum.GetValues<VersionState>()
            where VersionTransitions.Allows(@from, to)
            select $"{@from} {to}";

        allowed.ShouldBe([
            "Draft InReview",
            "InReview Draft",
            "InReview Approved",
            "Approved Draft",
            "Approved Published",
            "Published Deprecated",
            "Published Suspended",
            "Deprecated Retired",
            "Suspended Published",
        ]);
    }

    [Fact]
    public async Task Transition_EachPairOfStates_IsDoneOrSaysWhatIsAllowed()
    {
        await using var host = await CatalogHost.StartAsync(("Lifecycle:NoticePeriod", "00:00:00"));
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));
        var id = Id<VersionKind>.Parse(version).Value;

        foreach (var from in Enum.GetValues<VersionState>())
        {
            foreach (var to in Enum.GetValues<VersionState>())
            {
                await host.QueryAsync<int>(
                    "update api_version set state = @from, sunset_at = null where id = @id",
                    new { from = from.ToString(), id }
                );
                var answer = await owner.PostAsync(
                    $"/v1/versions/{version}/transitions",
                    new
                    {
                        to = char.ToLowerInvariant(to.ToString()[0]) + to.ToString()[1..],
                        comment = "it is old",
                        migrationGuide = "https://acme.example/guide",
                        sunsetAt = DateTimeOffset.UtcNow.AddHours(1),
                    },
                    ifMatch: "*"
                );
                var now = await host.QueryAsync<string>(
                    "select state from api_version where id = @id",
                    new { id }
                );

                if (VersionTransitions.Allows(from, to))
                {
                    answer.ShouldBe(HttpStatusCode.OK);
                    // By default nobody reviews: what is submitted is approved.
                    now.ShouldBe(
                        to == VersionState.InReview ? nameof(VersionState.Approved) : to.ToString()
                    );
                }
                else
                {
                    answer.ShouldBeRefused(HttpStatusCode.Conflict, "illegal-transition");
                    now.ShouldBe(from.ToString());
                    foreach (var next in VersionTransitions.From(from))
                    {
                        answer["detail"].ShouldContain(next.ToString());
                    }
                }
            }
        }
    }

    [Fact]
    public async Task Transition_ByGrpc_HasTheStatusesOfTheContract()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));
        var client = new Contracts.Catalog.V1.Apis.ApisClient(host.Channel);
        var request = new TransitionVersionRequest
        {
            VersionId = version,
            To = Contracts.Catalog.V1.VersionState.Published,
            Etag = "\"2\"",
        };

        var illegal = await Should.ThrowAsync<RpcException>(() =>
            client.TransitionVersionAsync(request, owner.Headers).ResponseAsync
        );
        request.Etag = "\"1\"";
        var stale = await Should.ThrowAsync<RpcException>(() =>
            client.TransitionVersionAsync(request, owner.Headers).ResponseAsync
        );
        request.Etag = "\"2\"";
        request.To = Contracts.Catalog.V1.VersionState.InReview;
        var moved = await client.TransitionVersionAsync(request, owner.Headers);

        illegal.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        stale.StatusCode.ShouldBe(StatusCode.Aborted);
        moved.State.ShouldBe(Contracts.Catalog.V1.VersionState.Approved);
    }

    [Fact]
    public async Task Approval_UnderTheRuleOfAnotherPerson_IsNotTheAuthors()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, author) = host.NewTeam("acme");
        var version = await author.ImportAsync(await author.ApiAsync(team));
        (
            await author.PutAsync($"/v1/teams/{team}/rules", new { review = "anotherPerson" })
        ).ShouldBe(HttpStatusCode.OK);

        var submitted = await author.MoveAsync(version, "inReview");
        var own = await author.MoveAsync(version, "approved");
        var publisher = host.Of(team, "publisher", "user_other");
        var loosened = await publisher.PutAsync($"/v1/teams/{team}/rules", new { });
        var others = await publisher.MoveAsync(version, "approved");

        submitted["state"].ShouldBe("inReview");
        own.ShouldBe(HttpStatusCode.Forbidden);
        loosened.ShouldBe(HttpStatusCode.Forbidden);
        others.ShouldBe(HttpStatusCode.OK)["state"].ShouldBe("approved");
    }

    [Fact]
    public async Task Deprecation_WithoutWhatSubscribersNeed_NamesAllOfIt()
    {
        await using var host = await CatalogHost.StartAsync();
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));
        await owner.PublishAsync(version);

        var answer = await owner.PostAsync(
            $"/v1/versions/{version}/transitions",
            new { to = "deprecated", sunsetAt = DateTimeOffset.UtcNow.AddDays(29) },
            ifMatch: "*"
        );

        answer
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe([
                "#/sunsetAt too_early",
                "#/migrationGuide required",
                "#/comment required",
            ]);
    }

    [Fact]
    public async Task States_OfADeployedVersion_ReachTheGateways()
    {
        await using var host = await CatalogHost.StartAsync(("Lifecycle:NoticePeriod", "00:00:00"));
        var (team, owner) = host.NewTeam("acme");
        var version = await owner.ImportAsync(await owner.ApiAsync(team));
        await owner.PublishAsync(version);
        await owner.BindAsync(version);
        (await owner.DeployAsync(version)).ShouldBe(HttpStatusCode.OK);

        (await owner.MoveAsync(version, "suspended")).ShouldBe(HttpStatusCode.OK);
        (await AvailabilityAsync()).ShouldBe(Availability.Suspended);
        (await owner.MoveAsync(version, "published")).ShouldBe(HttpStatusCode.OK);
        (await AvailabilityAsync()).ShouldBe(Availability.Served);
        (
            await owner.PostAsync(
                $"/v1/versions/{version}/transitions",
                new
                {
                    to = "deprecated",
                    comment = "it is old",
                    migrationGuide = "https://acme.example/guide",
                    sunsetAt = DateTimeOffset.UtcNow.AddDays(1),
                },
                ifMatch: "*"
            )
        ).ShouldBe(HttpStatusCode.OK);
        var early = await owner.MoveAsync(version, "retired");
        await host.QueryAsync<int>("update api_version set sunset_at = now()");
        (await owner.MoveAsync(version, "retired")).ShouldBe(HttpStatusCode.OK);

        early.ShouldBeRefused(HttpStatusCode.Conflict, "sunset-not-reached");
        var api = (
            await host.ResourcesAsync<Contracts.GatewayConfig.V1.Api>("sandbox", ResourceKind.Api)
        ).ShouldHaveSingleItem();
        api.Availability.ShouldBe(Availability.Retired);
        api.DeprecationLink.ShouldBe("https://acme.example/guide");
        (await owner.DeployAsync(version)).ShouldBeRefused(HttpStatusCode.Conflict, "retired");

        async Task<Availability> AvailabilityAsync() =>
            (await host.ResourcesAsync<Contracts.GatewayConfig.V1.Api>("sandbox", ResourceKind.Api))
                .ShouldHaveSingleItem()
                .Availability;
    }
}
