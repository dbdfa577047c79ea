using System.Net;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;
using Google.Protobuf;
using ApiKind = ApiSvc.ServiceDefaults.Identifiers.ApiKind;
using Team = ApiSvc.Contracts.Identity.V1.Team;

namespace ApiSvc.Analytics.Tests.Dimensions;

public sealed class NameTests
{
    private static readonly string AcmeId = Scene.Text<TeamKind>(Scene.Acme);

    private readonly Guid _api = Guid.CreateVersion7();
    private readonly Guid _version = Guid.CreateVersion7();
    private readonly Guid _application = Guid.CreateVersion7();
    private readonly Guid _operation = Guid.CreateVersion7();

    [Fact]
    public async Task Names_ToldByEventsAndCalls_AreShown()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var host = await AnalyticsHost.StartAsync(broker.Address);
        await broker.PublishAsync("apisvc.catalog", NamedApi("Orders"));
        foreach (var told in Others())
        {
            await broker.PublishAsync("apisvc.catalog", told);
        }

        await broker.PublishAsync(
            "apisvc.identity",
            new TeamChanged
            {
                Team = new Team { Id = AcmeId, Name = "Acme" },
            }
        );
        await broker.SendAsync(Sample.Batch(Guid.CreateVersion7(), 0, 1, Call()));
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
        await broker.PublishAsync("apisvc.catalog", NamedApi("Orders and returns"));
        await Eventually.GetAsync(() => NameAsync("api"), name => name == "Orders and returns");

        async Task<string> NameAsync(string dimension) =>
            (await party.GetAsync($"{Scene.PathOf(Scene.Acme)}/breakdown?by={dimension}"))
                .ShouldBe(HttpStatusCode.OK)
                .Json.GetProperty("items")[0]
                .GetProperty("name")
                .GetString()!;
    }

    private ApiChanged NamedApi(string name) =>
        new()
        {
            Api = new()
            {
                Id = Scene.Text<ApiKind>(_api),
                TeamId = AcmeId,
                Name = name,
            },
        };

    // One of them cannot be read, and keeps none of the others away.
    private IEnumerable<IMessage> Others() =>
        [
            new VersionChanged
            {
                Version = new()
                {
                    Id = Scene.Text<VersionKind>(_version),
                    ApiId = Scene.Text<ApiKind>(_api),
                    Name = "v1",
                },
            },
            new ApiChanged { Api = new() { Id = "no id" } },
            new ApplicationChanged
            {
                Application = new()
                {
                    Id = Scene.Text<ApplicationKind>(_application),
                    TeamId = AcmeId,
                    Name = "Web shop",
                },
                Deleted = true,
            },
        ];

    private CallRecord Call() =>
        new()
        {
            CallId = Sample.Bytes(Guid.CreateVersion7()),
            StartUs = Sample.Us(DateTimeOffset.UtcNow),
            Status = 200,
            Path = "/",
            Method = "GET",
            OperationTemplate = "/orders/{id}",
            ApiId = Sample.Bytes(_api),
            VersionId = Sample.Bytes(_version),
            OperationUuid = Sample.Bytes(_operation),
            ApplicationId = Sample.Bytes(_application),
            ProviderTeamId = Sample.Bytes(Scene.Acme),
        };
}
