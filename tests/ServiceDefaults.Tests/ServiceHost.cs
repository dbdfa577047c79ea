using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.Tests;

/// <summary>A service with the defaults, listening with its three endpoints on free loopback ports.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    private readonly Dictionary<string, Uri> _addresses = [];

    private ServiceHost(WebApplication app)
    {
        App = app;

        // Kestrel binds in the order of the configuration, which sorts its keys.
        var names = app
            .Configuration.GetSection("Kestrel:Endpoints")
            .GetChildren()
            .Select(e => e.Key);
        var bound = app
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses;
        foreach (var (name, address) in names.Zip(bound))
        {
            _addresses[name] = new Uri(address);
        }
    }

    public WebApplication App { get; }

    public static async Task<ServiceHost> StartAsync(
        Action<WebApplication>? map = null,
        Action<WebApplicationBuilder>? configure = null,
        params (string Key, string? Value)[] settings
    )
    {
        var app = Build(map, configure, settings);
        await app.StartAsync();
        return new ServiceHost(app);
    }

    public static WebApplication Build(
        Action<WebApplication>? map = null,
        Action<WebApplicationBuilder>? configure = null,
        params (string Key, string? Value)[] settings
    )
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                EnvironmentName =
                    settings.FirstOrDefault(s => s.Key == "Environment").Value ?? "Development",
                ApplicationName = typeof(ServiceHost).Assembly.GetName().Name,
            }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["OTEL_SERVICE_NAME"] = "sample",
                ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
                // Nobody is there, unless the test says otherwise.
                ["Tokens:Issuer"] = "http://127.0.0.1:9",
            }
        );
        builder.Configuration.AddInMemoryCollection(RestHost.Keys);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => KeyValuePair.Create(s.Key, s.Value))
        );
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        configure?.Invoke(builder);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        map?.Invoke(app);
        return app;
    }

    public Uri Address(string endpoint) => _addresses[endpoint];

    public HttpClient Client(string endpoint) =>
        new()
        {
            BaseAddress = Address(endpoint),
            DefaultRequestVersion =
                endpoint == "grpc" ? HttpVersion.Version20 : HttpVersion.Version11,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
    }
}
