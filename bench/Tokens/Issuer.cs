using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ApiSvc.Bench.Processes;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;
using Dapper;
using KafkaBroker;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ApiSvc.Bench.Tokens;

/// <summary>Identity as it ships, with a Postgres that writes to the disk and a broker, each in a process of its own.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    private const string Name = "https://identity.example";
    private const string Secret = "a secret of the benchmark, long enough";
    private const int Clients = 100;
    private const int InFlight = 16;
    private static readonly string[] Scopes = ["orders.read", "orders.write"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly PrivatePostgres _postgres;
    private readonly ChildProcess _broker;
    private readonly ChildProcess _identity;
    private readonly string _folder;
    private readonly string _database;
    private readonly HttpClient _http;

    private Issuer(
        PrivatePostgres postgres,
        ChildProcess broker,
        ChildProcess identity,
        string folder,
        string database,
        HttpClient http
    ) =>
        (_postgres, _broker, _identity, _folder, _database, _http) = (
            postgres,
            broker,
            identity,
            folder,
            database,
            http
        );

    public static async Task<Issuer> StartAsync(PrivatePostgres postgres)
    {
        var folder = Directory.CreateTempSubdirectory("bench-tokens-").FullName;
        var database = await postgres.CreateDatabaseAsync();
        var broker = ChildProcess.Start(
            typeof(KafkaBrokerHost).Assembly.Location,
            [],
            "--data",
            folder,
            "--port",
            "0"
        );
        var kafka = (await broker.ReadLineAsync())!["listening ".Length..];
        broker.Drain();
        var port = FreePort.Find();
        var identity = ChildProcess.Start(
            Path.Combine(AppContext.BaseDirectory, "ApiSvc.Identity.dll"),
            Settings(database, kafka, port)
        );
        identity.Drain();
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = InFlight })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
        };
        var issuer = new Issuer(postgres, broker, identity, folder, database, http);
        await issuer.ReadyAsync();
        return issuer;
    }

    /// <summary>Who asks, and how its tokens are signed.</summary>
    public async Task<IReadOnlyList<TokenSubject>> SubjectsAsync()
    {
        var admin = await TokenAsync(new("admin", Secret));
        return
        [
            new("client of an application, ES256", await CreateAsync(admin, "ES256")),
            new("client of an application, RS256", await CreateAsync(admin, "RS256")),
            new("configured client, ES256", [new("admin", Secret)]),
        ];
    }

    /// <summary>Asks for tokens for as long, and checks some of them.</summary>
    public async Task<TokenRound> RunAsync(TokenSubject subject, TimeSpan length)
    {
        var keys = new JsonWebKeySet(await _http.GetStringAsync("/.well-known/jwks.json"));
        var before = (
            Identity: ChildProcess.CpuOf(_identity.Id),
            Postgres: ChildProcess.CpuOf(_postgres.ProcessId)
        );
        var begun = Stopwatch.GetTimestamp();
        var asking = Enumerable
            .Range(0, InFlight)
            .Select(worker => Task.Run(() => AskAsync(subject, worker, begun, length)))
            .ToList();
        var tokens = (await Task.WhenAll(asking)).Sum(a => a.Count);
        var took = Stopwatch.GetElapsedTime(begun);
        var identity = ChildProcess.CpuOf(_identity.Id) - before.Identity;
        var postgres = ChildProcess.CpuOf(_postgres.ProcessId) - before.Postgres;
        foreach (var worker in asking)
        {
            await CheckAsync((await worker).Last, keys);
        }

        return new(tokens, took, identity, postgres);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _identity.Dispose();
        _broker.Dispose();
        Directory.Delete(_folder, recursive: true);
        await Task.CompletedTask;
    }

    private async Task<(int Count, string Last)> AskAsync(
        TokenSubject subject,
        int worker,
        long begun,
        TimeSpan length
    )
    {
        var (count, last) = (0, "");
        while (Stopwatch.GetElapsedTime(begun) < length)
        {
            last = await TokenAsync(
                subject.Clients[(worker + (count * InFlight)) % subject.Clients.Count]
            );
            count++;
        }

        return (count, last);
    }

    private async Task<string> TokenAsync(Client client)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Headers = { Authorization = client.Basic },
            Content = new FormUrlEncodedContent([
                KeyValuePair.Create("grant_type", "client_credentials"),
            ]),
        };
        using var answer = await _http.SendAsync(request);
        // A refusal ends the run: a number with refusals in it is worth nothing.
        answer.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync());
        return body.RootElement.GetProperty("access_token").GetString()!;
    }

    private static async Task CheckAsync(string token, JsonWebKeySet keys)
    {
        var checkedToken = await new JsonWebTokenHandler().ValidateTokenAsync(
            token,
            new TokenValidationParameters
            {
                ValidIssuer = Name,
                ValidateAudience = false,
                IssuerSigningKeys = keys.GetSigningKeys(),
            }
        );
        if (!checkedToken.IsValid)
        {
            throw new InvalidOperationException("A token is not valid.", checkedToken.Exception);
        }
    }

    private async Task<IReadOnlyList<Client>> CreateAsync(string admin, string algorithm)
    {
        var team = await PostAsync(
            admin,
            "teams",
            new { slug = $"t-{Guid.NewGuid():n}", name = algorithm }
        );
        var application = new UuidGenerator(TimeProvider.System).Next<ApplicationKind>();
        await using var db = new NpgsqlConnection(_database);
        // As the catalog tells of one.
        await db.ExecuteAsync(
            "insert into applications (id, team_id) values (@id, @team)",
            new
            {
                id = application.Value,
                team = Id<TeamKind>.Parse(team.GetProperty("id").GetString()!).Value,
            }
        );
        var made = new List<Client>();
        for (var i = 0; i < Clients; i++)
        {
            var client = await PostAsync(
                admin,
                $"applications/{application}/oauth-clients",
                new
                {
                    environment = "sandbox",
                    name = $"client {i}",
                    scopes = Scopes,
                    accessTokenSigningAlg = algorithm,
                }
            );
            made.Add(
                new(
                    client.GetProperty("client").GetProperty("clientId").GetString()!,
                    client.GetProperty("clientSecret").GetString()!
                )
            );
        }

        return made;
    }

    private async Task<JsonElement> PostAsync(string token, string path, object input)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/{path}")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
            Content = JsonContent.Create(input),
        };
        using var answer = await _http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync());
    }

    private Task ReadyAsync() =>
        Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    using var keys = await _http.GetAsync("/.well-known/jwks.json");
                    return keys.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                    return false;
                }
            },
            "Identity has keys",
            Patience
        );

    private static Dictionary<string, string?> Settings(string database, string kafka, int port)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Logging:LogLevel:Default"] = "Warning",
            ["Kestrel:Endpoints:http:Url"] = $"http://127.0.0.1:{port}",
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
            ["ConnectionStrings:identitydb"] = database,
            ["ConnectionStrings:kafka"] = kafka,
            ["Sealing:ActiveKey"] = "k1",
            ["Sealing:Keys:k1"] = Convert.ToBase64String(new byte[32]),
            ["Tokens:Issuer"] = Name,
            ["Tokens:Audience"] = "identity",
            ["Tokens:ClientId"] = "identity",
            ["Tokens:ClientSecret"] = Secret,
            ["services:catalog:grpc:0"] = "http://127.0.0.1:9",
            ["Issuer:Clients:admin:Secret"] = Secret,
            ["Issuer:Clients:admin:Roles:0"] = "admin",
        };
        foreach (
            var service in (string[])
                ["catalog", "identity", "gateway", "analytics", "aiadapter", "portal"]
        )
        {
            settings[$"Issuer:Clients:{service}:Kind"] = "Service";
            settings[$"Issuer:Clients:{service}:Secret"] = Secret;
        }

        return settings;
    }
}

/// <summary>A client with its secret.</summary>
internal sealed record Client(string Id, string Secret)
{
    public AuthenticationHeaderValue Basic { get; } =
        new(
            "Basic",
            Convert.ToBase64String(
                Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(Id)}:{Uri.EscapeDataString(Secret)}")
            )
        );
}

/// <summary>Clients of one kind, which ask in turn.</summary>
internal sealed record TokenSubject(string What, IReadOnlyList<Client> Clients);

/// <summary>What a round gave.</summary>
/// <param name="Tokens">How many.</param>
/// <param name="Took">How long.</param>
/// <param name="Identity">Processor time of Identity.</param>
/// <param name="Postgres">Processor time of Postgres.</param>
internal sealed record TokenRound(int Tokens, TimeSpan Took, TimeSpan Identity, TimeSpan Postgres)
{
    public double PerSecond => Tokens / Took.TotalSeconds;

    public double PerProcessorSecond => Tokens / (Identity + Postgres).TotalSeconds;

    public double PerIdentitySecond => Tokens / Identity.TotalSeconds;
}
