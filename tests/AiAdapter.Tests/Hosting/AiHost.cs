using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using ApiSvc.AiAdapter.Configuration;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.Serving;
using ApiSvc.AiAdapter.Serving.Usage;
using ApiSvc.AiAdapter.Tests.Serving;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.ServiceDefaults.ServiceTokens;
using ApiSvc.Testing;
using Dapper;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ApiSvc.AiAdapter.Tests.Hosting;

/// <summary>The adapter on free loopback ports, with a database of its own and an issuer that the test is.</summary>
internal sealed class AiHost : IAsyncDisposable
{
    private const string Issuer = "https://identity.example";
    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256))
    {
        KeyId = "k",
    };

    private static readonly ECDsa GatewayKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly WebApplication _app;

    // Of the whole process, as it is meant to be.
    private static readonly HttpClient Client = new();

    private bool _ended;

    private AiHost(
        WebApplication app,
        string connectionString,
        RecordedEvents events,
        RecordedLog log
    )
    {
        _app = app;
        Database = connectionString;
        Events = events;
        Log = log;
        // Kestrel binds in the order of the configuration, which sorts its keys: grpc, http, management.
        var bound = app
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.ToList();
        Channel = GrpcChannel.ForAddress(bound[0]);
        Http = new Uri(bound[1]);
        Management = new Uri(bound[2]);
    }

    public string Database { get; }

    public RecordedEvents Events { get; }

    public RecordedLog Log { get; }

    public GrpcChannel Channel { get; }

    /// <summary>Where its REST is.</summary>
    public Uri Http { get; }

    public Uri Management { get; }

    public IServiceProvider Services => _app.Services;

    public AiConfiguration Configuration =>
        Services.GetRequiredService<IAiConfigurationSource>().Current;

    /// <param name="database">That of another instance; its own by default.</param>
    /// <param name="time">The system's by default.</param>
    /// <param name="settings">More configuration.</param>
    public static async Task<AiHost> StartAsync(
        string? database = null,
        TimeProvider? time = null,
        params (string Key, string? Value)[] settings
    )
    {
        var connectionString = database ?? await PostgresServer.CreateDatabaseAsync();
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                EnvironmentName = "Development",
                ApplicationName = "ApiSvc.AiAdapter",
                ContentRootPath = Path.GetTempPath(),
            }
        );
        builder.Configuration.AddInMemoryCollection(Settings(connectionString));
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key, s.Value))
        );
        var log = new RecordedLog();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        var events = new RecordedEvents();
        builder.Services.AddSingleton<IEventPublisher>(events);
        builder.Services.AddSingleton<IIssuerKeys>(new TestKeys());
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.AddServiceDefaults();
        builder.AddServiceDatabase("aidb", typeof(AiConfigurationExtensions).Assembly);
        builder.AddRedisClient("redis", settings => settings.DisableHealthChecks = true);
        builder.AddAiConfiguration();
        builder.AddBudgets();
        builder.AddServing();
        builder.Services.AddSingleton<IUsageRecorder>(new Records());
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapAiManagement();
        app.MapServing();
        await app.StartAsync();
        await app.Services.GetRequiredService<DatabaseReady>().WaitAsync(CancellationToken.None);
        return new AiHost(app, connectionString, events, log);
    }

    /// <summary>One who has a role in a team, or for the platform where no team is named.</summary>
    public Party Of(Id<TeamKind>? team, string role) => new(Http, Token(team, role));

    /// <summary>A new team, and its owner.</summary>
    public (Id<TeamKind> Team, Party Owner) NewTeam()
    {
        var team = new Id<TeamKind>(Guid.CreateVersion7());
        return (team, Of(team, "owner"));
    }

    public async Task<T> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var db = new NpgsqlConnection(Database);
        return (await db.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task ExecuteAsync(string sql, object? parameters = null)
    {
        await using var db = new NpgsqlConnection(Database);
        await db.ExecuteAsync(sql, parameters);
    }

    /// <summary>Waits until a model of the team is served under the name.</summary>
    public async Task<ServedModel> ServedAsync(Id<TeamKind> team, string name) =>
        (
            await Eventually.GetAsync(
                () => Task.FromResult(Find(team, name)),
                found => found is not null
            )
        )!;

    public ServedModel? Find(Id<TeamKind> team, string name) =>
        Configuration.Teams.GetValueOrDefault(team.Value)?.Models.GetValueOrDefault(name);

    public async ValueTask DisposeAsync()
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Calls a model of the team, as the gateway passes calls on.</summary>
    public async Task<HttpResponseMessage> CallAsync(Id<TeamKind> team, string path, object body)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(Http, $"/serve/v1/{path}")
        )
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Add("x-request-id", Guid.CreateVersion7().ToString());
        request.Headers.Add("x-apisvc-caller", CallerToken(team));
        return await Client.SendAsync(request);
    }

    private static string CallerToken(Id<TeamKind> team) =>
        new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                TokenType = "apisvc-caller+jwt",
                Issuer = "apisvc-gateway",
                Audience = "aiadapter",
                Expires = DateTime.UtcNow.AddMinutes(4),
                SigningCredentials = new(new ECDsaSecurityKey(GatewayKey), "ES256"),
                Claims = new Dictionary<string, object>
                {
                    ["api"] = Guid.CreateVersion7().ToString(),
                    ["version"] = Guid.CreateVersion7().ToString(),
                    ["api_team"] = team.Value.ToString(),
                    ["environment"] = "sandbox",
                    ["credential"] = "ak_sandbox_visible1",
                },
            }
        );

    private static Dictionary<string, string?> Settings(string connectionString) =>
        new()
        {
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
            ["ConnectionStrings:aidb"] = connectionString,
            ["ConnectionStrings:redis"] = "127.0.0.1:9,connectTimeout=200,connectRetry=1",
            ["Sealing:ActiveKey"] = "k1",
            ["Sealing:Keys:k1"] = Convert.ToBase64String(new byte[32]),
            ["Tokens:Issuer"] = Issuer,
            ["Tokens:Audience"] = "aiadapter",
            ["Tokens:ClientId"] = "aiadapter",
            ["Tokens:ClientSecret"] = "a secret that nobody asks for",
            ["services:identity:grpc:0"] = "http://127.0.0.1:9",
            ["Leadership:Contend"] = "00:00:00.200",
            ["Egress:AllowedNetworks:0"] = "127.0.0.0/8",
            ["Callers:PublicKeys:0"] = Convert.ToBase64String(
                GatewayKey.ExportSubjectPublicKeyInfo()
            ),
        };

    private static string Token(Id<TeamKind>? team, string role)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = "user_1",
            ["client_id"] = "test",
            ["apisvc_kind"] = "user",
        };
        if (team is { } id)
        {
            claims["teams"] = new Dictionary<string, object>
            {
                [id.ToString()] = new List<string> { role },
            };
        }
        else
        {
            claims["roles"] = new List<string> { role };
        }

        return new JsonWebTokenHandler().CreateToken(
            new SecurityTokenDescriptor
            {
                Issuer = Issuer,
                Audience = "aiadapter",
                TokenType = "at+jwt",
                Expires = DateTime.UtcNow.AddMinutes(5),
                SigningCredentials = new SigningCredentials(Key, "ES256"),
                Claims = claims,
            }
        );
    }

    private sealed class TestKeys : IIssuerKeys
    {
        public ValueTask<IReadOnlyList<SecurityKey>?> FindAsync(
            string? keyId,
            CancellationToken cancellationToken
        ) => new([Key]);
    }
}

/// <summary>Keeps what the outbox publishes.</summary>
internal sealed class RecordedEvents : IEventPublisher
{
    private readonly ConcurrentQueue<OutboxMessage> _all = new();

    public IEnumerable<OutboxMessage> All => _all;

    public Task<IReadOnlyList<PublishOutcome>> PublishAsync(
        IReadOnlyList<OutboxMessage> batch,
        CancellationToken cancellationToken
    )
    {
        foreach (var message in batch)
        {
            _all.Enqueue(message);
        }

        return Task.FromResult<IReadOnlyList<PublishOutcome>>([
            .. batch.Select(_ => PublishOutcome.Acknowledged),
        ]);
    }
}

/// <summary>Keeps all that is logged, as text.</summary>
internal sealed class RecordedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IEnumerable<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose() { }
}
