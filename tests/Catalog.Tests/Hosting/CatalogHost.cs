using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiSvc.Catalog.GatewayConfiguration;
using ApiSvc.Catalog.Teams;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.ServiceDefaults.ServiceTokens;
using ApiSvc.Testing;
using Dapper;
using Google.Protobuf;
using Grpc.Core;
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

namespace ApiSvc.Catalog.Tests.Hosting;

/// <summary>The catalog on free loopback ports, with a database of its own and an issuer that the test is.</summary>
internal sealed class CatalogHost : IAsyncDisposable
{
    private const string Issuer = "https://identity.example";
    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256))
    {
        KeyId = "k",
    };

    private readonly WebApplication _app;

    private CatalogHost(WebApplication app, string connectionString, RecordedEvents events)
    {
        _app = app;
        Database = connectionString;
        Events = events;
        // Kestrel binds in the order of the configuration, which sorts its keys: grpc, http, management.
        var bound = app
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.ToList();
        Channel = GrpcChannel.ForAddress(
            bound[0],
            new GrpcChannelOptions { MaxSendMessageSize = null }
        );
        Http = new Uri(bound[1]);
    }

    public string Database { get; }

    public RecordedEvents Events { get; }

    public GrpcChannel Channel { get; }

    /// <summary>Where its REST is.</summary>
    public Uri Http { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>What Identity says that teams are called.</summary>
    public FakeTeamSlugs Slugs => (FakeTeamSlugs)Services.GetRequiredService<ITeamSlugs>();

    public static async Task<CatalogHost> StartAsync(params (string Key, string? Value)[] settings)
    {
        var connectionString = await PostgresServer.CreateDatabaseAsync();
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                EnvironmentName = "Development",
                ApplicationName = "ApiSvc.Catalog",
                ContentRootPath = Path.GetTempPath(),
            }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
                ["ConnectionStrings:catalogdb"] = connectionString,
                ["Sealing:ActiveKey"] = "k1",
                ["Sealing:Keys:k1"] = Convert.ToBase64String(new byte[32]),
                ["Tokens:Issuer"] = Issuer,
                ["Tokens:Audience"] = "catalog",
                ["Tokens:ClientId"] = "catalog",
                ["Tokens:ClientSecret"] = "a secret that nobody asks for",
                ["services:identity:grpc:0"] = "http://127.0.0.1:9",
                ["Subscriptions:ExpiryInterval"] = "00:00:00.100",
                ["Leadership:Contend"] = "00:00:00.200",
            }
        );
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key, s.Value))
        );
        builder.Logging.ClearProviders();
        var events = new RecordedEvents();
        builder.Services.AddSingleton<IEventPublisher>(events);
        builder.Services.AddSingleton<IIssuerKeys>(new TestKeys());
        builder.Services.AddSingleton<ITeamSlugs>(new FakeTeamSlugs());
        builder.AddServiceDefaults();
        builder.AddServiceDatabase("catalogdb", typeof(CatalogExtensions).Assembly);
        builder.AddGatewayConfiguration();
        builder.AddCatalog();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGatewayConfiguration();
        app.MapCatalog();
        await app.StartAsync();
        await app.Services.GetRequiredService<DatabaseReady>().WaitAsync(CancellationToken.None);
        return new CatalogHost(app, connectionString, events);
    }

    /// <summary>One who has a role in a team, or for the platform where no team is named.</summary>
    public Party Of(Id<TeamKind>? team, string role, string subject = "user_1") =>
        new(this, Http, Token(team, role, subject));

    /// <summary>A new team, and its owner.</summary>
    public (Id<TeamKind> Team, Party Owner) NewTeam(string slug)
    {
        var team = new Id<TeamKind>(Guid.CreateVersion7());
        Slugs.Known[team.Value] = slug;
        return (team, Of(team, "owner", $"user_of_{slug}"));
    }

    public async Task<T> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var db = new NpgsqlConnection(Database);
        return (await db.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    /// <summary>The bodies that a group's log holds of a kind.</summary>
    public async Task<IReadOnlyList<T>> ResourcesAsync<T>(string group, ResourceKind kind)
        where T : IMessage<T>, new()
    {
        await using var db = new NpgsqlConnection(Database);
        var bodies = await db.QueryAsync<byte[]>(
            "select body from service.resource where group_name = @group and kind = @kind and body is not null order by id",
            new { group, kind = (int)kind }
        );
        return [.. bodies.Select(new MessageParser<T>(() => new T()).ParseFrom)];
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static string Token(Id<TeamKind>? team, string role, string subject)
    {
        var claims = new Dictionary<string, object>
        {
            ["sub"] = subject,
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
                Audience = "catalog",
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

/// <summary>Slugs as the test says; none of unknown teams.</summary>
internal sealed class FakeTeamSlugs : ITeamSlugs
{
    public ConcurrentDictionary<Guid, string> Known { get; } = [];

    public Task<string?> AskAsync(Guid team, CancellationToken cancellationToken) =>
        Task.FromResult(Known.GetValueOrDefault(team));
}

/// <summary>An answer over REST.</summary>
internal sealed record Answer(HttpStatusCode Status, string? ETag, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string this[string property] => Json.GetProperty(property).ToString();

    public string Id => this["id"];

    public string Code => this["type"].Split('/')[^1];

    public string[] Violations =>
        [
            .. Json.GetProperty("errors")
                .EnumerateArray()
                .Select(e => $"{e.GetProperty("location")} {e.GetProperty("code")}"),
        ];

    public Answer ShouldBe(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }

    public Answer ShouldBeRefused(HttpStatusCode status, string code)
    {
        ShouldBe(status);
        Code.ShouldBe(code, Text);
        return this;
    }
}

/// <summary>One who calls the catalog.</summary>
internal sealed class Party(CatalogHost host, Uri http, string token)
{
    // Of the whole process, as it is meant to be.
    private static readonly HttpClient Client = new();

    public CatalogHost Host => host;

    public string Token => token;

    /// <summary>For gRPC.</summary>
    public Metadata Headers => new() { { "authorization", $"Bearer {Token}" } };

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(
        string path,
        object body,
        string? key = null,
        string? ifMatch = null
    ) => SendAsync(HttpMethod.Post, path, JsonSerializer.Serialize(body), ifMatch, key);

    public Task<Answer> PutAsync(string path, object body, string? ifMatch = "*") =>
        SendAsync(HttpMethod.Put, path, JsonSerializer.Serialize(body), ifMatch);

    public Task<Answer> DeleteAsync(string path, string? ifMatch = "*") =>
        SendAsync(HttpMethod.Delete, path, ifMatch: ifMatch);

    public async Task<Answer> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string? ifMatch = null,
        string? key = null
    )
    {
        using var request = new HttpRequestMessage(method, new Uri(http, path));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return await SendAsync(request, ifMatch, key);
    }

    public async Task<Answer> UploadAsync(string path, byte[] document)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(http, path))
        {
            Content = new ByteArrayContent(document),
        };
        return await SendAsync(request, null, null);
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request, string? ifMatch, string? key)
    {
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", $"\"{key}\"");
        }

        using var response = await Client.SendAsync(request);
        return new(
            response.StatusCode,
            response.Headers.ETag?.ToString(),
            await response.Content.ReadAsStringAsync()
        );
    }
}
