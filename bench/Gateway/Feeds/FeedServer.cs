using ApiSvc.Bench.Gateway.Processes;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ApiSvc.Bench.Gateway.Feeds;

/// <summary>What a gateway needs around it: both logs by gRPC, and an issuer that gives out tokens nobody checks.</summary>
internal sealed class FeedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FeedServer(WebApplication app, string grpc, string issuer)
    {
        _app = app;
        Grpc = grpc;
        Issuer = issuer;
    }

    /// <summary>Where both logs are, HTTP/2 without TLS.</summary>
    public string Grpc { get; }

    /// <summary>Where keys and tokens are.</summary>
    public string Issuer { get; }

    public static async Task<FeedServer> StartAsync(GatewayFeeds feeds)
    {
        var grpc = FreePorts.Next();
        var issuer = FreePorts.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenLocalhost(grpc, l => l.Protocols = HttpProtocols.Http2);
            kestrel.ListenLocalhost(issuer);
        });
        builder.Services.AddSingleton(feeds);
        builder.Services.AddGrpc();
        var app = builder.Build();
        app.MapGrpcService<ConfigurationService>();
        app.MapGrpcService<CredentialsService>();
        app.MapGet("/jwks", () => Results.Json(new { keys = Array.Empty<string>() }));
        app.MapPost(
            "/token",
            () =>
                Results.Json(
                    new Dictionary<string, object>
                    {
                        ["access_token"] = "none",
                        ["token_type"] = "Bearer",
                        ["expires_in"] = 86_400,
                    }
                )
        );
        await app.StartAsync();
        return new(app, $"http://127.0.0.1:{grpc}", $"http://127.0.0.1:{issuer}");
    }

    public async ValueTask DisposeAsync()
    {
        // A gateway's streams do not end by themselves.
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
