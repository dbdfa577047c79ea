using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Compat.Tests.Telemetry;

/// <summary>A web application on a free port of the loopback interface.</summary>
internal sealed class TestApp(WebApplication app, HttpClient client) : IAsyncDisposable
{
    public HttpClient Client => client;

    public IServiceProvider Services => app.Services;

    public static async Task<TestApp> StartAsync(
        Action<WebApplicationBuilder> configure,
        Action<WebApplication> map
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        configure(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new(app, new HttpClient { BaseAddress = new(app.Urls.First()) });
    }

    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.DisposeAsync();
    }
}
