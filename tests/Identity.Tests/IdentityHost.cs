using System.Net.Http.Headers;
using System.Text;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.Tests.Keys;
using ApiSvc.Identity.Tests.Sessions;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.Testing;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Identity.Tests;

/// <summary>Identity on free loopback ports, with a database of its own and three clients.</summary>
internal sealed class IdentityHost : IAsyncDisposable
{
    public const string Issuer = "https://identity.example";
    public const string Secret = "a secret of 32 characters & more: +%";

    private readonly WebApplication _app;

    private IdentityHost(
        WebApplication app,
        string connectionString,
        RecordedEvents events,
        RecordedLogs logs,
        FakeCatalog catalog,
        ShiftedTime time,
        FakeSignedIn signedIn
    )
    {
        _app = app;
        Time = time;
        SignedIn = signedIn;
        Events = events;
        Logs = logs;
        Catalog = catalog;
        ConnectionString = connectionString;
        // Kestrel binds in the order of the configuration, which sorts its keys: grpc, http, (https,) management.
        var bound = app
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.ToList();
        Grpc = GrpcChannel.ForAddress(bound[0]);
        Http = new HttpClient { BaseAddress = new Uri(bound[1]) };
        Https = bound.Count > 3 ? new Uri(bound[2]) : null;
        Management = new HttpClient { BaseAddress = new Uri(bound[^1]) };
    }

    public string ConnectionString { get; }

    public HttpClient Http { get; }

    public HttpClient Management { get; }

    /// <summary>Where browsers come, if a test has set it.</summary>
    public Uri? Https { get; }

    public IServiceProvider Services => _app.Services;

    public GrpcChannel Grpc { get; }

    public RecordedEvents Events { get; }

    public RecordedLogs Logs { get; }

    public FakeCatalog Catalog { get; }

    public ShiftedTime Time { get; }

    public FakeSignedIn SignedIn { get; }

    public static Task<IdentityHost> StartAsync(
        string? connectionString = null,
        params (string Key, string? Value)[] settings
    ) => StartAsync(connectionString, signsIn: false, settings);

    // signsIn: by the service's own pages, instead of by what a test says.
    private static async Task<IdentityHost> StartAsync(
        string? connectionString,
        bool signsIn,
        (string Key, string? Value)[] settings
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
        builder.Configuration.AddInMemoryCollection(Settings(connectionString));
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key, s.Value))
        );
        builder.Logging.ClearProviders();
        var events = new RecordedEvents();
        var logs = new RecordedLogs();
        var catalog = new FakeCatalog();
        var time = new ShiftedTime();
        var signedIn = new FakeSignedIn(time);
        builder.Services.AddSingleton<TimeProvider>(time);
        if (!signsIn)
        {
            builder.Services.AddSingleton<ISignedIn>(signedIn);
            builder.Services.AddSingleton<ISessionEnd>(signedIn);
        }

        builder.Logging.AddProvider(logs);
        builder.Services.AddSingleton<IEventPublisher>(events);
        builder.Services.AddSingleton<IPrivateKeys, RecycledPrivateKeys>();
        builder.Services.AddSigningKeys();
        builder.AddServiceDefaults();
        OpenHttps(builder, settings);
        builder.AddServiceDatabase("identitydb", typeof(SigningKeys).Assembly);
        builder.AddIdentity();
        if (builder.Configuration.GetConnectionString("kafka") is not null)
        {
            builder.AddCatalogEvents();
        }

        builder.Services.AddSingleton<Contracts.Catalog.V1.Applications.ApplicationsClient>(
            catalog
        );

        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapIdentity();
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new IdentityHost(app, connectionString, events, logs, catalog, time, signedIn);
    }

    private static void OpenHttps(
        WebApplicationBuilder builder,
        (string Key, string? Value)[] settings
    )
    {
        if (
            settings.Any(s => s.Key.StartsWith("Kestrel:Endpoints:https", StringComparison.Ordinal))
        )
        {
            builder.AddServiceEndpoints(endpoints => endpoints.Additional.Add("https"));
        }
    }

    private static Dictionary<string, string?> Settings(string connectionString) =>
        new()
        {
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
            ["ConnectionStrings:identitydb"] = connectionString,
            ["Sealing:ActiveKey"] = "k1",
            ["Sealing:Keys:k1"] = Convert.ToBase64String(new byte[32]),
            ["Tokens:Issuer"] = Issuer,
            ["Tokens:Audience"] = "identity",
            ["Tokens:ClientId"] = "identity",
            ["Tokens:ClientSecret"] = Secret,
            ["services:catalog:grpc:0"] = "http://127.0.0.1:1",
            ["Issuer:Clients:catalog:Kind"] = "Service",
            ["Issuer:Clients:catalog:Secret"] = Secret,
            ["Issuer:Clients:admin:Secret"] = Secret,
            ["Issuer:Clients:admin:Roles:0"] = "admin",
            ["Issuer:Clients:admin:Audiences:0"] = "identity",
            ["Issuer:Clients:admin:Audiences:1"] = "catalog",
            ["Issuer:Clients:auditor:Secret"] = Secret,
            ["Issuer:Clients:auditor:Roles:0"] = "auditor",
            ["Issuer:Clients:operator:Secret"] = Secret,
            ["Issuer:Clients:operator:Roles:0"] = "operator",
        };

    /// <summary>Starts it and waits until it has put its database in order.</summary>
    public static async Task<IdentityHost> StartReadyAsync(
        string? connectionString = null,
        params (string Key, string? Value)[] settings
    ) => await ReadyAsync(await StartAsync(connectionString, settings));

    /// <summary>The same, with its own pages to sign in.</summary>
    public static async Task<IdentityHost> StartSigningInAsync(
        params (string Key, string? Value)[] settings
    ) => await ReadyAsync(await StartAsync(null, signsIn: true, settings));

    private static async Task<IdentityHost> ReadyAsync(IdentityHost host)
    {
        try
        {
            await Eventually.HoldsAsync(
                () => host.Services.GetRequiredService<FirstSteps>().Done.IsCompletedSuccessfully,
                "the first steps"
            );
        }
        catch (TimeoutException late)
        {
            await host.DisposeAsync();
            throw new TimeoutException(
                string.Join(
                    '\n',
                    host.Logs.All.Where(l => l.StartsWith("Error", StringComparison.Ordinal))
                        .Take(3)
                ),
                late
            );
        }
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

    public async Task<Answer> PostFormAsync(
        string path,
        AuthenticationHeaderValue? authorization,
        params (string Name, string Value)[] form
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Headers = { Authorization = authorization },
            Content = new FormUrlEncodedContent(
                form.Select(p => KeyValuePair.Create(p.Name, p.Value))
            ),
        };
        using var response = await Http.SendAsync(request);
        return await Answer.OfAsync(response);
    }

    public static AuthenticationHeaderValue Basic(string id, string secret) =>
        new(
            "Basic",
            Convert.ToBase64String(
                Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")
            )
        );

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Grpc.Dispose();
        Management.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
