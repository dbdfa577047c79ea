using ApiSvc.ServiceDefaults.Permissions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Identity.Tests.Roles;

/// <summary>A service of the suite, called catalog, that takes Identity's tokens and follows its role table.</summary>
internal sealed class FollowingService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FollowingService(WebApplication app)
    {
        _app = app;
        // In the order of the configuration's keys: grpc, http, management.
        var bound = app
            .Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.ToList();
        Management = new HttpClient { BaseAddress = new Uri(bound[2]) };
    }

    public HttpClient Management { get; }

    public IRoleTable Roles => _app.Services.GetRequiredService<IRoleTable>();

    public static async Task<FollowingService> StartAsync(IdentityHost identity)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions
            {
                EnvironmentName = "Development",
                ApplicationName = "ApiSvc.Follower",
                ContentRootPath = Path.GetTempPath(),
            }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
                ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
                ["Sealing:ActiveKey"] = "k1",
                ["Sealing:Keys:k1"] = Convert.ToBase64String(new byte[32]),
                ["Tokens:Issuer"] = IdentityHost.Issuer,
                ["Tokens:Audience"] = "catalog",
                ["Tokens:ClientId"] = "catalog",
                ["Tokens:ClientSecret"] = IdentityHost.Secret,
                ["Tokens:JwksUri"] = $"{identity.Http.BaseAddress}.well-known/jwks.json",
                ["Tokens:TokenEndpoint"] = $"{identity.Http.BaseAddress}connect/token",
                ["services:identity:grpc:0"] = $"http://{identity.Grpc.Target}",
            }
        );
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(identity.Time);
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        await app.StartAsync();
        return new(app);
    }

    public async ValueTask DisposeAsync()
    {
        Management.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
