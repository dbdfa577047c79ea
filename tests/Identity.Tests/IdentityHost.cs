using System.Net.Http.Headers;
using System.Text;
using ApiSvc.Identity.Discovery;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Identity.Tests;

/// <summary>Identity on free loopback ports, with a database of its own and two clients.</summary>
internal sealed class IdentityHost : IAsyncDisposable
{
    public const string Issuer = "https://identity.example";
    public const string Secret = "a secret of 32 characters & more: +%";

    private readonly WebApplication _app;

    private IdentityHost(WebApplication app, string connectionString)
    {
        _app = app;
        ConnectionString = connectionString;
        // Kestrel binds in the order of the configuration, which sorts its keys: grpc, http, management.
        var bound = app
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.ToList();
        Http = new HttpClient { BaseAddress = new Uri(bound[1]) };
        Management = new HttpClient { BaseAddress = new Uri(bound[2]) };
    }

    public string ConnectionString { get; }

    public HttpClient Http { get; }

    public HttpClient Management { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<IdentityHost> StartAsync(
        string? connectionString = null,
        params (string Key, string? Value)[] settings
    )
    {
        connectionString ??= await PostgresServer.CreateDatabaseAsync();
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                EnvironmentName = "Development",
                ApplicationName = "ApiSvc.Identity",
                ContentRootPath = Path.GetTempPath(),
            }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
                ["ConnectionStrings:identitydb"] = connectionString,
                ["Sealing:ActiveKey"] = "k1",
                ["Sealing:Keys:k1"] = Convert.ToBase64String(new byte[32]),
                ["Tokens:Issuer"] = Issuer,
                ["Issuer:Clients:catalog:Kind"] = "Service",
                ["Issuer:Clients:catalog:Secret"] = Secret,
                ["Issuer:Clients:admin:Secret"] = Secret,
                ["Issuer:Clients:admin:Roles:0"] = "admin",
                ["Issuer:Clients:admin:Audiences:0"] = "identity",
                ["Issuer:Clients:admin:Audiences:1"] = "catalog",
            }
        );
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key, s.Value))
        );
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IEventPublisher, NoEvents>();
        builder.Services.AddSigningKeys();
        builder.AddServiceDefaults();
        builder.AddServiceDatabase("identitydb", typeof(SigningKeys).Assembly);
        builder.Services.AddTokenIssuing();

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapDiscovery();
        app.MapTokens();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new IdentityHost(app, connectionString);
    }

    /// <summary>Starts it and waits until it has its signing key.</summary>
    public static async Task<IdentityHost> StartReadyAsync(string? connectionString = null)
    {
        var host = await StartAsync(connectionString);
        await Eventually.HoldsAsync(
            () => host.Services.GetRequiredService<SigningKeys>().All.Count > 0,
            "a signing key"
        );
        return host;
    }

    /// <summary>Asks for a token with these parameters in the form.</summary>
    public Task<HttpResponseMessage> AskAsync(params (string Name, string Value)[] form) =>
        AskAsync(authorization: null, form);

    public async Task<HttpResponseMessage> AskAsync(
        AuthenticationHeaderValue? authorization,
        params (string Name, string Value)[] form
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, TokenEndpoint.Path)
        {
            Headers = { Authorization = authorization },
            Content = new FormUrlEncodedContent(
                form.Select(p => KeyValuePair.Create(p.Name, p.Value))
            ),
        };
        return await Http.SendAsync(request);
    }

    public static AuthenticationHeaderValue Basic(string id, string secret) =>
        new(
            "Basic",
            Convert.ToBase64String(
                Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")
            )
        );

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Management.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private sealed class NoEvents : IEventPublisher
    {
        public Task<IReadOnlyList<PublishOutcome>> PublishAsync(
            IReadOnlyList<OutboxMessage> batch,
            CancellationToken cancellationToken
        ) => throw new InvalidOperationException("Nothing here makes events.");
    }
}
