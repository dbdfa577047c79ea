using System.Net;
using System.Text;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;
using Confluent.Kafka;
using Dapper;
using Google.Protobuf;
using KafkaBroker;
using Npgsql;

namespace ApiSvc.Identity.Tests.Applications;

/// <summary>What the catalog tells over Kafka of its applications.</summary>
public sealed class CatalogEventConsumerTests : IAsyncLifetime
{
    private const string Topic = "apisvc.catalog";
    private static readonly UuidGenerator Ids = new(TimeProvider.System);

    private readonly string _folder = Directory.CreateTempSubdirectory("identity-kafka-").FullName;
    private KafkaBrokerHost _broker = null!;
    private IProducer<byte[]?, byte[]> _producer = null!;
    private string _database = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await KafkaBrokerHost.StartAsync(
            new() { DataFolder = _folder, MinSessionTimeout = TimeSpan.FromSeconds(1) }
        );
        _producer = new ProducerBuilder<byte[]?, byte[]>(
            new ProducerConfig { BootstrapServers = _broker.BootstrapServers }
        ).Build();
        _database = await PostgresServer.CreateDatabaseAsync();
        // So that the consumer does not find the topic missing and wait.
        await TellAsync(Ids.Next<ApplicationKind>().ToString(), Ids.Next<TeamKind>().ToString());
    }

    public async ValueTask DisposeAsync()
    {
        _producer.Dispose();
        await _broker.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Deleted_ToldAgainAndOutOfOrder_RevokesAllItHadOnce()
    {
        await using var host = await StartAsync();
        var admin = await host.AdminAsync();
        var team = await admin.CreateTeamAsync("makers");
        var (application, other) = (host.AddApplication(team), host.AddApplication(team));
        var (key, _) = await admin.CreateKeyAsync(application);
        var (client, secret) = await admin.CreateClientAsync(application);
        var (otherKey, _) = await admin.CreateKeyAsync(other);

        await TellAsync(application, team, deleted: true);
        await TellAsync(application, team, deleted: true);
        // What was told before the deletion, told again after it.
        await TellAsync(application, team);
        await UntilTakenAsync(team);

        (await admin.GetAsync($"/v1/api-keys/{key}"))["revokedAt"].ShouldNotBeNull();
        (await admin.GetAsync($"/v1/oauth-clients/{client}"))["revokedAt"].ShouldNotBeNull();
        (await admin.GetAsync($"/v1/api-keys/{otherKey}"))
            .Body.GetProperty("revokedAt")
            .ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        using var refused = await host.AskAsync(
            IdentityHost.Basic(client, secret),
            ("grant_type", "client_credentials")
        );
        refused.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (
            await admin.PostAsync(
                $"/v1/applications/{application}/api-keys",
                new { environment = "sandbox", name = "late" }
            )
        ).ShouldBe(HttpStatusCode.NotFound);
        (
            await ScalarAsync("select count(*) from service.audit_log where action like '%.revoke'")
        ).ShouldBe(2);
        await Eventually.HoldsAsync(
            () => host.Events.Of<ApiKeyChanged>().Any(e => e.ApiKey.RevokedAt is not null),
            "the key's event"
        );
        host.Events.Of<ApiKeyChanged>().Count(e => e.ApiKey.RevokedAt is not null).ShouldBe(1);
    }

    [Fact]
    public async Task Deleted_BeforeItWasEverAskedFor_GetsNothingAnyMore()
    {
        await using var host = await StartAsync();
        var admin = await host.AdminAsync();
        var team = await admin.CreateTeamAsync("makers");
        // The catalog's answer may be older than what it told.
        var application = host.AddApplication(team);

        await TellAsync(application, team, deleted: true);
        await UntilTakenAsync(team);

        (
            await admin.PostAsync(
                $"/v1/applications/{application}/oauth-clients",
                new { environment = "sandbox", name = "late" }
            )
        ).ShouldBe(HttpStatusCode.NotFound);
        host.Catalog.Asked.ShouldBe(0);
    }

    [Fact]
    public async Task Unreadable_AndWhatIsNotMeant_AreLeftOutAndTheNextIsTaken()
    {
        await using var host = await StartAsync();
        var admin = await host.AdminAsync();
        var team = await admin.CreateTeamAsync("makers");

        await SendAsync(ApplicationChanged.Descriptor.FullName, [0xff, 0xff, 0xff]);
        await TellAsync("app_nonsense", team, deleted: true);
        await SendAsync(ApplicationChanged.Descriptor.FullName, []);
        await SendAsync("apisvc.events.v1.PlanChanged", [1, 2, 3]);
        await SendAsync(type: null, [1]);
        await UntilTakenAsync(team);

        host.Logs.All.Count(l => l.Contains("passed over", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task Deleted_WhileIdentityWasDown_IsTakenAtTheNextStart()
    {
        string application;
        string key;
        string team;
        await using (var first = await StartAsync())
        {
            var admin = await first.AdminAsync();
            team = await admin.CreateTeamAsync("makers");
            application = first.AddApplication(team);
            (key, _) = await admin.CreateKeyAsync(application);
            await UntilTakenAsync(team);
        }

        await TellAsync(application, team, deleted: true);
        await using var second = await StartAsync();

        var caller = await second.AdminAsync();
        await Eventually.GetAsync(
            () => caller.GetAsync($"/v1/api-keys/{key}"),
            a => a.Body.GetProperty("revokedAt").ValueKind == System.Text.Json.JsonValueKind.String
        );
    }

    private Task<IdentityHost> StartAsync() =>
        IdentityHost.StartReadyAsync(
            _database,
            ("ConnectionStrings:kafka", _broker.BootstrapServers)
        );

    private Task TellAsync(string application, string team, bool deleted = false) =>
        SendAsync(
            ApplicationChanged.Descriptor.FullName,
            new ApplicationChanged
            {
                Application = new() { Id = application, TeamId = team },
                Deleted = deleted,
            }.ToByteArray()
        );

    private async Task SendAsync(string? type, byte[] payload)
    {
        var headers = new Headers();
        if (type is not null)
        {
            headers.Add("ce_type", Encoding.UTF8.GetBytes(type));
        }

        await _producer.ProduceAsync(Topic, new() { Value = payload, Headers = headers });
    }

    // One partition: what was sent before is taken before.
    private async Task UntilTakenAsync(string team)
    {
        var last = Ids.Next<ApplicationKind>();
        await TellAsync(last.ToString(), team);
        await Eventually.GetAsync(
            () => ScalarAsync($"select count(*) from applications where id = '{last.Value}'"),
            count => count == 1
        );
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var db = new NpgsqlConnection(_database);
        return await db.ExecuteScalarAsync<long>(sql);
    }
}
