using System.Net;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;
using ApiKind = ApiSvc.ServiceDefaults.Identifiers.ApiKind;
using Team = ApiSvc.Contracts.Identity.V1.Team;

namespace ApiSvc.Analytics.Tests.Dimensions;

public sealed class NameTests
{
    [Fact]
    public async Task Names_ToldByEventsAndCalls_AreShown()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var host = await AnalyticsHost.StartAsync(broker.Address);
        var api = Guid.CreateVersion7();
        var version = Guid.CreateVersion7();
        var application = Guid.CreateVersion7();
        var operation = Guid.CreateVersion7();
        var team = Scene.Text<TeamKind>(Scene.Acme);
        var told = new Api
        {
            Id = Scene.Text<ApiKind>(api),
            TeamId = team,
            Name = "Orders",
        };

        await broker.PublishAsync("apisvc.catalog", new ApiChanged { Api = told });
        await broker.PublishAsync(
            "apisvc.catalog",
            new VersionChanged
            {
                Version = new()
                {
                    Id = Scene.Text<VersionKind>(version),
                    ApiId = told.Id,
                    Name = "v1",
                },
            }
        );
        await broker.PublishAsync(
            "apisvc.catalog",
            new ApiChanged { Api = new() { Id = "no id" } }
        );
        await broker.PublishAsync(
            "apisvc.catalog",
            new ApplicationChanged
            {
                Application = new()
                {
                    Id = Scene.Text<ApplicationKind>(application),
                    TeamId = team,
                    Name = "Web shop",
                },
                Deleted = true,
            }
        );
        await broker.PublishAsync(
            "apisvc.identity",
            new TeamChanged
            {
                Team = new Team { Id = team, Name = "Acme" },
            }
        );
        await broker.SendAsync(
            Sample.Batch(
                Guid.CreateVersion7(),
                0,
                1,
                new CallRecord
                {
                    CallId = Sample.Bytes(Guid.CreateVersion7()),
                    StartUs = Sample.Us(DateTimeOffset.UtcNow),
                    Status = 200,
                    Path = "/",
                    Method = "GET",
                    OperationTemplate = "/orders/{id}",
                    ApiId = Sample.Bytes(api),
                    VersionId = Sample.Bytes(version),
                    OperationUuid = Sample.Bytes(operation),
                    ApplicationId = Sample.Bytes(application),
                    ProviderTeamId = Sample.Bytes(Scene.Acme),
                }
            )
        );
        await host.HasCallsAsync(1);
        await Eventually.GetAsync(
            () => host.QueryAsync<long>("select count(*) from dimension_name"),
            count => count == 5
        );

        var party = host.Of(Scene.Acme, "viewer");
        (await NameAsync("api")).ShouldBe("Orders");
        (await NameAsync("version")).ShouldBe("Orders v1");
        (await NameAsync("operation")).ShouldBe("GET /orders/{id}");
        (await NameAsync("application")).ShouldBe("Web shop");
        (await NameAsync("plan")).ShouldBe("none");

        // A name that changes is the new one.
        told.Name = "Orders and returns";
        await broker.PublishAsync("apisvc.catalog", new ApiChanged { Api = told });
        await Eventually.GetAsync(() => NameAsync("api"), name => name == "Orders and returns");

        async Task<string> NameAsync(string dimension) =>
            (await party.GetAsync($"{Scene.PathOf(Scene.Acme)}/breakdown?by={dimension}"))
                .ShouldBe(HttpStatusCode.OK)
                .Json.GetProperty("items")[0]
                .GetProperty("name")
                .GetString()!;
    }
}
