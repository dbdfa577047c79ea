using System.Net;
using Aspire.Hosting.Dashboard;

namespace ApiSvc.Dashboard.Tests;

/// <summary>A dashboard with made-up resources, and a client that is logged in.</summary>
internal sealed class DashboardFixture : IAsyncDisposable
{
    private readonly SocketsHttpHandler _handler = new()
    {
        CookieContainer = new CookieContainer(),
    };

    private DashboardFixture(FakeSource source, DashboardServer server)
    {
        Source = source;
        Server = server;
        Browser = new HttpClient(_handler) { BaseAddress = new Uri(server.Url) };
        Stranger = new HttpClient(
            new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }
        )
        {
            BaseAddress = new Uri(server.Url),
        };
    }

    public FakeSource Source { get; }

    public DashboardServer Server { get; }

    /// <summary>Is logged in.</summary>
    public HttpClient Browser { get; }

    /// <summary>Is not, and keeps no cookie.</summary>
    public HttpClient Stranger { get; }

    public static async Task<DashboardFixture> StartAsync(FakeSource? source = null)
    {
        source ??= new FakeSource();
        var server = await DashboardServer.StartAsync(
            source,
            new DashboardOptions { ApplicationName = "ApiSvc" }
        );
        var fixture = new DashboardFixture(source, server);
        (await fixture.Browser.GetAsync(server.LoginUrl)).EnsureSuccessStatusCode();
        return fixture;
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        Stranger.Dispose();
        _handler.Dispose();
        await Server.DisposeAsync();
    }
}
