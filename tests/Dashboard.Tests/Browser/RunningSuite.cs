using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Dashboard.Tests.Browser;

/// <summary>The whole suite with its dashboard, for the tests of a class.</summary>
public sealed class RunningSuite : IAsyncLifetime
{
    private Suite? _suite;

    public string DashboardAddress => Setting("ASPNETCORE_URLS");

    public string Login => $"{DashboardAddress}/login?t={Setting("AppHost:BrowserToken")}";

    public IEnumerable<ParameterResource> Secrets =>
        _suite!
            .App.Services.GetRequiredService<DistributedApplicationModel>()
            .Resources.OfType<ParameterResource>()
            .Where(p => p.Secret);

    public async ValueTask InitializeAsync() =>
        _suite = await Suite.StartAsync(withDashboard: true);

    /// <summary>Calls a service's management API as the administrator.</summary>
    public async Task<JsonNode?> SendAsync(
        string service,
        HttpMethod method,
        string path,
        JsonObject? body = null
    )
    {
        using var client = _suite!.Client(service, "http");
        using var request = new HttpRequestMessage(method, path)
        {
            Headers =
            {
                Authorization = new AuthenticationHeaderValue(
                    "Bearer",
                    await _suite.TokenAsync("admin", service)
                ),
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
        if (_suite is not null)
        {
            await _suite.DisposeAsync();
        }
    }

    private string Setting(string key) =>
        _suite!.App.Services.GetRequiredService<IConfiguration>()[key]!;
}
