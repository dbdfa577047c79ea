using System.Security.Cryptography;
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

namespace ApiSvc.Analytics.Tests.Hosting;

/// <summary>Analytics on free loopback ports, with an issuer that the test is.</summary>
internal sealed class AnalyticsHost : IAsyncDisposable
{
    private const string Issuer = "https://identity.example";
    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256))
    {
        KeyId = "k",
    };

    private readonly WebApplication _app;

    private AnalyticsHost(WebApplication app, string connectionString)
    {
        _app = app;
        Database = connectionString;
        // Kestrel binds in the order of the configuration, which sorts its keys: grpc, http, management.
        var bound = app
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.ToList();
        Channel = GrpcChannel.ForAddress(bound[0]);
        Http = new Uri(bound[1]);
    }

    public string Database { get; }

    public Uri Http { get; }

    public GrpcChannel Channel { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="kafka">The broker; none by default, where nothing is taken in.</param>
    /// <param name="database">That of another instance; its own by default.</param>
    /// <param name="settings">More configuration.</param>
    public static async Task<AnalyticsHost> StartAsync(
        string kafka = "127.0.0.1:9",
        string? database = null,
        params (string Key, string? Value)[] settings
    )
    {
        var connectionString = database ?? await PostgresServer.CreateDatabaseAsync();
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                EnvironmentName = "Development",
                ApplicationName = "ApiSvc.Analytics",
                ContentRootPath = Path.GetTempPath(),
            }
        );
        builder.Configuration.AddInMemoryCollection(Settings(connectionString, kafka));
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key, s.Value))
        );
        builder.Logging.ClearProviders();
        if (Environment.GetEnvironmentVariable("ANALYTICS_TEST_LOG") == "1")
        {
            builder.Logging.AddConsole();
        }

        builder.Services.AddSingleton<IEventPublisher>(new NoEvents());
        builder.Services.AddSingleton<IIssuerKeys>(new TestKeys());
        builder.AddServiceDefaults();
        builder.AddServiceDatabase("analyticsdb", typeof(AnalyticsExtensions).Assembly);
        builder.AddAnalytics();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapAnalytics();
        await app.StartAsync();
        await app.Services.GetRequiredService<DatabaseReady>().WaitAsync(CancellationToken.None);
        return new AnalyticsHost(app, connectionString);
    }

    public static Dictionary<string, string?> Settings(string database, string kafka) =>
        new()
        {
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
            ["ConnectionStrings:analyticsdb"] = database,
            ["ConnectionStrings:kafka"] = kafka,
            ["Sealing:ActiveKey"] = "k1",
            ["Sealing:Keys:k1"] = Convert.ToBase64String(new byte[32]),
            ["Tokens:Issuer"] = Issuer,
            ["Tokens:Audience"] = "analytics",
            ["Tokens:ClientId"] = "analytics",
            ["Tokens:ClientSecret"] = "a secret that nobody asks for",
            ["services:identity:grpc:0"] = "http://127.0.0.1:9",
            ["services:catalog:grpc:0"] = "http://127.0.0.1:9",
            ["Ingest:Linger"] = "00:00:00.020",
            ["Ingest:SessionTimeout"] = "00:00:02",
            ["Leadership:Contend"] = "00:00:00.200",
        };

    /// <summary>One who has a role in a team, or for the platform where no team is named.</summary>
    public Party Of(Guid? team, string role) => new(this, Token(team, role));

    public async Task<T> QueryAsync<T>(string sql, object? parameters = null)
    {
        await using var db = new NpgsqlConnection(Database);
        return (await db.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    public async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object? parameters = null)
    {
        await using var db = new NpgsqlConnection(Database);
        return [.. await db.QueryAsync<T>(sql, parameters)];
    }

    /// <summary>Waits until so many calls are taken in.</summary>
    public Task HasCallsAsync(long count) =>
        Eventually.GetAsync(() => QueryAsync<long>("select count(*) from call"), n => n == count);

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static string Token(Guid? team, string role)
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
                [new Id<TeamKind>(id).ToString()] = new List<string> { role },
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
                Audience = "analytics",
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

    private sealed class NoEvents : IEventPublisher
    {
        public Task<IReadOnlyList<PublishOutcome>> PublishAsync(
            IReadOnlyList<OutboxMessage> batch,
            CancellationToken cancellationToken
        ) =>
            Task.FromResult<IReadOnlyList<PublishOutcome>>([
                .. batch.Select(_ => PublishOutcome.Acknowledged),
            ]);
    }
}
