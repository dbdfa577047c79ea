using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Dashboard.Tests.Browser;

/// <summary>The whole suite with its dashboard, on free ports and with data of its own.</summary>
public sealed class RunningSuite : IAsyncLifetime
{
    private DistributedApplication? _app;

    public DistributedApplication App => _app!;

    public string DashboardAddress =>
        App.Services.GetRequiredService<IConfiguration>()["ASPNETCORE_URLS"]!;

    public string Login =>
        $"{DashboardAddress}/login?t={App.Services.GetRequiredService<IConfiguration>()["AppHost:BrowserToken"]}";

    public IEnumerable<ParameterResource> Secrets =>
        App
            .Services.GetRequiredService<DistributedApplicationModel>()
            .Resources.OfType<ParameterResource>()
            .Where(p => p.Secret);

    public async ValueTask InitializeAsync()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [],
            (options, _) => options.DisableDashboard = false
        );
        _app = await builder.BuildAsync();
        await _app.StartAsync();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        foreach (var service in (string[])["catalog", "gateway", "portal"])
        {
            await _app.ResourceNotifications.WaitForResourceHealthyAsync(service, deadline.Token);
        }
    }

    /// <summary>Calls a service's management API as the administrator.</summary>
    public async Task<JsonNode?> SendAsync(
        string service,
        HttpMethod method,
        string path,
        JsonObject? body = null
    )
    {
        using var client = App.CreateHttpClient(service, "http");
        using var request = new HttpRequestMessage(method, path)
        {
            Headers =
            {
                Authorization = new AuthenticationHeaderValue("Bearer", await TokenAsync(service)),
            },
            Content = body is null ? null : JsonContent.Create(body),
        };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{method} {path}: {text}");
        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    private async Task<string> TokenAsync(string audience)
    {
        using var identity = App.CreateHttpClient("identity", "http");
        var secret = Secrets.Single(p => p.Name == "admin-client-secret");
        using var answer = await identity.PostAsync(
            "/connect/token",
            new FormUrlEncodedContent([
                new("grant_type", "client_credentials"),
                new("client_id", "admin"),
                new("client_secret", await secret.GetValueAsync(CancellationToken.None)),
                new("audience", audience),
            ])
        );
        using var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return token.RootElement.GetProperty("access_token").GetString()!;
    }
}
