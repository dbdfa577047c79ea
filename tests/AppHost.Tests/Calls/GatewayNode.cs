using System.Net;
using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>The gateway as its operator sees it: a process that is started and stopped, with files, a log and its health.</summary>
internal sealed class GatewayNode(OpenSuite open)
{
    private const string Name = "gateway";

    /// <summary>Where it keeps the states of the configuration.</summary>
    public string ConfigurationFolder => Path.Combine(Folder, "sandbox-configuration");

    public string Folder => open.Suite.App.Services.GetRequiredService<DataFolder>().File(Name);

    public Task StopAsync() => open.CommandAsync(Name, KnownResourceCommands.StopCommand);

    /// <summary>Starts it, and waits until it answers calls at all.</summary>
    public async Task StartAsync()
    {
        await open.CommandAsync(Name, KnownResourceCommands.StartCommand);
        await Eventually.HoldsAsync(
            async () => await open.Door.StatusIfThereAsync(Shop.Orders, key: null) is not null,
            "the gateway answers"
        );
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public Task KillAsync() => open.KillAsync(Name);

    /// <summary>Whether it is ready, and what its check of a log says.</summary>
    public async Task<(bool IsReady, string Says)> HealthAsync(string log = "configuration")
    {
        using var client = open.Suite.Client(Name, "management");
        using var answer = await client.GetAsync("/health");
        var document = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (
            answer.StatusCode == HttpStatusCode.OK,
            (string)
                document["checks"]!.AsArray().Single(c => (string?)c!["name"] == log)![
                    "description"
                ]!
        );
    }

    /// <summary>What it wrote to its log, as far as that is kept.</summary>
    public async Task<string> LogAsync()
    {
        var lines = new List<string>();
        await foreach (
            var part in open
                .Suite.App.Services.GetRequiredService<ResourceLoggerService>()
                .GetAllAsync(Name)
        )
        {
            lines.AddRange(part.Select(l => l.Content));
        }

        return string.Join('\n', lines);
    }
}
