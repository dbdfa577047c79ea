using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ApiSvc.SampleService.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Tests.ServiceTokens;
using ApiSvc.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Tests.Sample;

/// <summary>A service with all that services have in common, from a few lines, run as it is in production.</summary>
public sealed class SampleServiceTests : IAsyncLifetime
{
    private static readonly string Own = new Id<TeamKind>(Guid.CreateVersion7()).ToString();
    private static readonly string Other = new Id<TeamKind>(Guid.CreateVersion7()).ToString();

    private readonly Dictionary<string, string> _settings = [];
    private FakeIssuer _issuer = null!;
    private string _database = null!;

    public async ValueTask InitializeAsync()
    {
        _issuer = await FakeIssuer.StartAsync();
        _database = await PostgresServer.CreateDatabaseAsync();
        _settings["ConnectionStrings__notesdb"] = _database;
        // Nobody is there: a service goes on without Kafka, and keeps its events.
        _settings["ConnectionStrings__kafka"] = "127.0.0.1:9";
        _settings["Tokens__Issuer"] = _issuer.Issuer;
        _settings["Tokens__Audience"] = "sample";
        _settings["Permissions__Roles__publisher__0"] = "notes.read";
        _settings["Permissions__Roles__publisher__1"] = "notes.write";
        _settings["Sealing__ActiveKey"] = "k1";
        _settings["Sealing__Keys__k1"] = Convert.ToBase64String(new byte[32]);
    }

    public ValueTask DisposeAsync() => _issuer.DisposeAsync();

    [Fact]
    public void Program_OfTheSample_HasUnder30Lines()
    {
        var program = Path.Combine(Repository.Root, "tests", "SampleService", "Program.cs");

        File.ReadAllLines(program).Length.ShouldBeLessThan(30);
    }

    [Fact]
    public async Task Rest_FromCreationToChange_KeepsTheConventions()
    {
        await using var sample = await StartAsync();
        using var client = Client(sample, Token(Own));
        var notes = $"/v1/teams/{Own}/notes";

        using var first = await CreateAsync(client, notes, "a", key: "k-1");
        using var repeated = await CreateAsync(client, notes, "a", key: "k-1");
        using var reused = await CreateAsync(client, notes, "b", key: "k-1");
        first.StatusCode.ShouldBe(HttpStatusCode.Created);
        first.Headers.ETag!.Tag.ShouldBe("\"1\"");
        (await repeated.Content.ReadAsStringAsync()).ShouldBe(
            await first.Content.ReadAsStringAsync()
        );
        reused.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);

        using var second = await CreateAsync(client, notes, "b", key: null);
        var page = await client.GetFromJsonAsync<JsonElement>($"{notes}?limit=1");
        var cursor = page.GetProperty("nextCursor").GetString();
        var next = await client.GetFromJsonAsync<JsonElement>($"{notes}?limit=1&cursor={cursor}");
        next.GetProperty("items")[0].GetProperty("text").GetString().ShouldBe("b");
        next.TryGetProperty("nextCursor", out var none)
            .ShouldBe(none.ValueKind == JsonValueKind.Null);

        var note = first.Headers.Location!;
        using var unconditional = await client.PutAsJsonAsync(note, new { text = "c" });
        unconditional.StatusCode.ShouldBe(HttpStatusCode.PreconditionRequired);
        client.DefaultRequestHeaders.IfMatch.Add(new EntityTagHeaderValue("\"1\""));
        using var changed = await client.PutAsJsonAsync(note, new { text = "c" });
        using var stale = await client.PutAsJsonAsync(note, new { text = "d" });
        changed.StatusCode.ShouldBe(HttpStatusCode.OK);
        stale.StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);

        using var wrong = await client.PostAsJsonAsync(notes, new { txt = "a" });
        var problem = await wrong.Content.ReadFromJsonAsync<JsonElement>();
        wrong.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        problem.GetProperty("errors").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Rest_OtherCallers_GetNothing()
    {
        await using var sample = await StartAsync();
        using var owner = Client(sample, Token(Own));
        using var created = await CreateAsync(owner, $"/v1/teams/{Own}/notes", "a", key: null);
        var note = created.Headers.Location!;

        using var stranger = Client(sample, Token(Other));
        using var nobody = Client(sample, token: null);
        (await stranger.GetAsync(note)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await nobody.GetAsync(note)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await stranger.GetAsync($"/v1/teams/{Own}/notes")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task Grpc_ByRole_AnswersOrRefuses()
    {
        await using var sample = await StartAsync();
        using var client = Client(sample, Token(Own));
        using var created = await CreateAsync(client, $"/v1/teams/{Own}/notes", "a", key: null);
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id");
        using var channel = GrpcChannel.ForAddress(sample.Address("grpc"));
        var notes = new Notes.NotesClient(channel);
        var request = new GetNoteRequest { Id = id.GetString() };

        var note = await notes.GetNoteAsync(request, Authorization(Token(Own)));
        var foreign = await Should.ThrowAsync<RpcException>(() =>
            notes.GetNoteAsync(request, Authorization(Token(Other))).ResponseAsync
        );
        var unknown = await Should.ThrowAsync<RpcException>(() =>
            notes.GetNoteAsync(request).ResponseAsync
        );

        note.Text.ShouldBe("a");
        foreign.StatusCode.ShouldBe(StatusCode.NotFound);
        unknown.StatusCode.ShouldBe(StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task Management_OfARunningService_SaysHowItIs()
    {
        await using var sample = await StartAsync();
        using var management = new HttpClient { BaseAddress = sample.Address("management") };

        (await management.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var metrics = await management.GetStringAsync("/metrics");
        metrics.ShouldContain("http_server_request_duration_seconds");
        var info = await management.GetFromJsonAsync<JsonElement>("/");
        info.GetProperty("name").GetString().ShouldNotBeNullOrEmpty();
        using var api = new HttpClient { BaseAddress = sample.Address("http") };
        (await api.GetAsync("/health")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await api.GetFromJsonAsync<JsonElement>("/openapi/v1.json"))
            .GetProperty("openapi")
            .GetString()!
            .ShouldStartWith("3.1");
    }

    [Fact]
    public async Task Start_WithoutPostgres_IsUnreadyWithTheReason()
    {
        _settings["ConnectionStrings__notesdb"] = "Host=127.0.0.1;Port=9;Username=u;Timeout=1";
        await using var sample = await SampleProcess.StartAsync(_settings);
        using var management = new HttpClient { BaseAddress = sample.Address("management") };

        using var health = await management.GetAsync("/health");
        health.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await health.Content.ReadAsStringAsync()).ShouldContain("migrations");
        (await management.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Start_WithMistakesInConfiguration_NamesThemAll()
    {
        _settings["Sealing__ActiveKey"] = "k2";
        _settings["Draining__Delay"] = "soon";

        var (exitCode, output) = await SampleProcess.RunAsync(_settings);

        exitCode.ShouldNotBe(0);
        output.ShouldContain("Sealing__ActiveKey");
        output.ShouldContain("Draining__Delay");
    }

    [Fact]
    public async Task Sigterm_RunningService_EndsInOrder()
    {
        await using var sample = await StartAsync();

        (await sample.StopAsync()).ShouldBe(0, sample.Output);
    }

    [Fact]
    public async Task VerifyAudit_AfterChanges_SaysWhetherTheChainIsWhole()
    {
        await using (var sample = await StartAsync())
        {
            using var client = Client(sample, Token(Own));
            using var created = await CreateAsync(client, $"/v1/teams/{Own}/notes", "a", key: null);
            created.StatusCode.ShouldBe(HttpStatusCode.Created);
        }

        var whole = await SampleProcess.RunAsync(_settings, "verify-audit");
        await ExecuteAsync("alter table service.audit_log disable trigger all");
        await ExecuteAsync("update service.audit_log set actor = 'somebody else'");
        var broken = await SampleProcess.RunAsync(_settings, "verify-audit");

        whole.ExitCode.ShouldBe(0, whole.Output);
        whole.Output.ShouldContain("1 entries, held against itself alone. The last one: 1:");
        broken.ExitCode.ShouldBe(1, broken.Output);
        broken.Output.ShouldContain("position 1");
    }

    private async Task<SampleProcess> StartAsync()
    {
        var sample = await SampleProcess.StartAsync(_settings);
        using var management = new HttpClient { BaseAddress = sample.Address("management") };
        await Eventually.HoldsAsync(
            async () =>
            {
                using var health = await management.GetAsync("/health");
                return health.IsSuccessStatusCode;
            },
            "the sample service is ready"
        );
        return sample;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private string Token(string team) =>
        _issuer.Token(
            claims: new Dictionary<string, object>
            {
                ["teams"] = new Dictionary<string, object>
                {
                    [team] = new List<string> { "publisher" },
                },
            }
        );

    private static Metadata Authorization(string token) =>
        new() { { "authorization", $"Bearer {token}" } };

    private static HttpClient Client(SampleProcess sample, string? token)
    {
        var client = new HttpClient { BaseAddress = sample.Address("http") };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        return client;
    }

    private static async Task<HttpResponseMessage> CreateAsync(
        HttpClient client,
        string path,
        string text,
        string? key
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = JsonContent.Create(new { text }),
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", $"\"{key}\"");
        }

        return await client.SendAsync(request);
    }
}
