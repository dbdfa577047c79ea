using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AppHost.Tests;

/// <summary>The whole suite, on free ports and with data of its own.</summary>
internal sealed class Suite : IAsyncDisposable
{
    public static readonly string[] Services =
    [
        "identity",
        "catalog",
        "analytics",
        "aiadapter",
        "gateway",
        "portal",
    ];

    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private Suite(DistributedApplication app, TimeSpan startTime) =>
        (App, StartTime) = (app, startTime);

    public DistributedApplication App { get; }

    /// <summary>From nothing until every service is healthy.</summary>
    public TimeSpan StartTime { get; }

    /// <param name="configure">Changes what the AppHost says.</param>
    /// <param name="withDashboard">Whether it has its dashboard.</param>
    /// <param name="args">Settings, such as <c>--Demo:Seed=true</c>.</param>
    public static async Task<Suite> StartAsync(
        Action<IDistributedApplicationTestingBuilder>? configure = null,
        bool withDashboard = false,
        params string[] args
    )
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var start = Stopwatch.GetTimestamp();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            args,
            (options, _) => options.DisableDashboard = !withDashboard,
            deadline.Token
        );
        configure?.Invoke(builder);
        var app = await builder.BuildAsync(deadline.Token);
        try
        {
            await app.StartAsync(deadline.Token);
            foreach (var service in Services)
            {
                await app.ResourceNotifications.WaitForResourceHealthyAsync(
                    service,
                    WaitBehavior.StopOnResourceUnavailable,
                    deadline.Token
                );
            }
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new Suite(app, Stopwatch.GetElapsedTime(start));
    }

    public HttpClient Client(string service, string endpoint) =>
        App.CreateHttpClient(service, endpoint);

    public string Address(string resource, string endpoint) =>
        App.GetEndpoint(resource, endpoint).ToString().TrimEnd('/');

    /// <summary>What the sample's program left: the key to call with. Only where the sample is.</summary>
    public async Task<JsonNode> DemoAsync()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var ended = await App.ResourceNotifications.WaitForResourceAsync(
            "demo",
            e => KnownResourceStates.TerminalStates.Contains(e.Snapshot.State?.Text),
            deadline.Token
        );
        ended.Snapshot.ExitCode.ShouldBe(0);
        var file = App.Services.GetRequiredService<DataFolder>().File(DemoExtensions.FileName);
        return JsonNode.Parse(await File.ReadAllTextAsync(file, deadline.Token))!;
    }

    /// <summary>A token of a client, from Identity, for a service.</summary>
    public async Task<string> TokenAsync(string client, string audience) =>
        await TokenAsync(client, await SecretAsync($"{client}-client-secret"), audience);

    /// <summary>A token of a client that is not the suite's own.</summary>
    public async Task<string> TokenAsync(string client, string secret, string audience)
    {
        using var identity = Client("identity", "http");
        using var response = await identity.PostAsync(
            "/connect/token",
            new FormUrlEncodedContent([
                KeyValuePair.Create("grant_type", "client_credentials"),
                KeyValuePair.Create("client_id", client),
                KeyValuePair.Create("client_secret", secret),
                KeyValuePair.Create("audience", audience),
            ])
        );
        var text = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        using var answer = JsonDocument.Parse(text);
        return answer.RootElement.GetProperty("access_token").GetString()!;
    }

    /// <summary>Asks a service who the bearer of the token is.</summary>
    public async Task<HttpResponseMessage> AskCallerAsync(string service, string token)
    {
        using var client = Client(service, "management");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/caller")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        return await client.SendAsync(request);
    }

    public ValueTask DisposeAsync() => App.DisposeAsync();

    private async Task<string> SecretAsync(string parameter) =>
        (
            await App
                .Services.GetRequiredService<DistributedApplicationModel>()
                .Resources.OfType<ParameterResource>()
                .Single(p => p.Name == parameter)
                .GetValueAsync(CancellationToken.None)
        )!;
}
