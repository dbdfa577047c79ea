using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.Tests;

/// <summary>A real Kestrel on a free loopback port, for what only a real connection shows.</summary>
internal sealed class LoopbackServer(WebApplication app) : IAsyncDisposable
{
    public int Port { get; } = new Uri(app.Urls.First()).Port;

    public static async Task<LoopbackServer> StartAsync(Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new LoopbackServer(app);
    }

    public Uri Uri(string host, string path) => new($"http://{host}:{Port}{path}");

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
