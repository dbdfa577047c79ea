using System.Net;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;
using Google.Protobuf;
using ApiKind = ApiSvc.ServiceDefaults.Identifiers.ApiKind;

namespace ApiSvc.Analytics.Tests.Dimensions;

public sealed class NameTests : IAsyncLifetime
{
    private const string Catalog = "apisvc.catalog";
    private const string Identity = "apisvc.identity";
    private static readonly string Team = Scene.Text<TeamKind>(Scene.Acme);

    private readonly Guid _api = Guid.CreateVersion7();
    private readonly Guid _version = Guid.CreateVersion7();
    private readonly Guid _application = Guid.CreateVersion7();
    private TestBroker _broker = null!;
    private AnalyticsHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync(withEvents: false);
        _host = await AnalyticsHost.StartAsync(_broker.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Names_ToldByEventsAndCalls_AreShown()
    {
        await CallAsync();
        await TellAsync();
        // Of team, API, version, application and operation.
        await Eventually.GetAsync(
            () => _host.QueryAsync<long>("select count(*) from dimension_name"),
            count => count == 5
        );

        (await NameAsync("api")).ShouldBe("Orders");
        (await NameAsync("version")).ShouldBe("Orders v1");
        (await NameAsync("operation")).ShouldBe("GET /orders/{id}");
        (await NameAsync("application")).ShouldBe("Web shop");
        (await NameAsync("plan")).ShouldBe("none");
    }

    [Fact]
    public async Task Name_Changed_IsTheNewOne()
    {
        await CallAsync();
        await TellAsync();
        await Eventually.GetAsync(() => NameAsync("api"), name => name == "Orders");

        await _broker.PublishAsync(Catalog, ApiOf("Returns"));

        await Eventually.GetAsync(() => NameAsync("api"), name => name == "Returns");
    }

    private async Task TellAsync()
    {
        var version = new ApiVersion
        {
            Id = Scene.Text<VersionKind>(_version),
            ApiId = Scene.Text<ApiKind>(_api),
            Name = "v1",
        };
        var application = new Application
        {
            Id = Scene.Text<ApplicationKind>(_application),
            TeamId = Team,
            Name = "Web shop",
        };
        IMessage[] events =
        [
            ApiOf("Orders"),
            new VersionChanged { Version = version },
            // It cannot be read, and stops nothing.
            new ApiChanged { Api = new() { Id = "no id" } },
            // Its calls are still there.
            new ApplicationChanged { Application = application, Deleted = true },
        ];
        foreach (var told in events)
        {
            await _broker.PublishAsync(Catalog, told);
        }

        await _broker.PublishAsync(
            Identity,
            new TeamChanged
            {
                Team = new() { Id = Team, Name = "Acme" },
            }
        );
    }

    private async Task CallAsync()
    {
        var record = new CallRecord
        {
            CallId = Sample.Bytes(Guid.CreateVersion7()),
            StartUs = Sample.Us(DateTimeOffset.UtcNow),
            Status = 200,
            Path = "/",
            Method = "GET",
            OperationTemplate = "/orders/{id}",
            ApiId = Sample.Bytes(_api),
            VersionId = Sample.Bytes(_version),
            OperationUuid = Sample.Bytes(Guid.CreateVersion7()),
            ApplicationId = Sample.Bytes(_application),
            ProviderTeamId = Sample.Bytes(Scene.Acme),
        };
        await _broker.SendAsync(Sample.Batch(Guid.CreateVersion7(), 0, 1, record));
        await _host.HasCallsAsync(1);
    }

    private ApiChanged ApiOf(string name) =>
        new()
        {
            Api = new()
            {
                Id = Scene.Text<ApiKind>(_api),
                TeamId = Team,
                Name = name,
            },
        };

    private async Task<string> NameAsync(string dimension)
    {
        var party = _host.Of(Scene.Acme, "viewer");
        var answer = await party.GetAsync($"{Scene.PathOf(Scene.Acme)}/breakdown?by={dimension}");
        return answer
            .ShouldBe(HttpStatusCode.OK)
            .Json.GetProperty("items")[0]
            .GetProperty("name")
            .GetString()!;
    }
}
