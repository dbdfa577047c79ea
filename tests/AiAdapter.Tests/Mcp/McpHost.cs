using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Mcp;
using ApiSvc.AiAdapter.Mcp.Tools;
using ApiSvc.AiAdapter.Tests.Serving;
using ApiSvc.ServiceDefaults.Identifiers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ApiSvc.AiAdapter.Tests.Mcp;

/// <summary>MCP servers of documents that tests put, over a gateway with an API that tests answer for.</summary>
public sealed class McpHost : ServingHost, IToolSets
{
    private readonly ConcurrentDictionary<Guid, ToolSet> _sets = new();
    private WebApplication _gateway = null!;

    /// <summary>What the API answers; each test has a base path of its own.</summary>
    internal ConcurrentDictionary<string, Func<HttpRequest, Task<IResult>>> Apis { get; } = new();

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _gateway = builder.Build();
        _gateway.Run(async http =>
        {
            var start = http.Request.Path.Value!.Split('/')[1];
            var result =
                http.Request.Headers["X-Api-Key"] == ApiKey
                || http.Request.Headers.Authorization == $"Bearer {ApiKey}"
                || start.StartsWith("open-", StringComparison.Ordinal)
                    ? await Apis[start](http.Request)
                    : Results.Problem("No credential.", statusCode: 401);
            await result.ExecuteAsync(http);
        });
        await _gateway.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _gateway.DisposeAsync();
    }

    ValueTask<ToolSet?> IToolSets.FindAsync(
        Id<VersionKind> version,
        Guid team,
        CancellationToken cancellationToken
    ) => new(team == Team ? _sets.GetValueOrDefault(version.Value) : null);

    /// <summary>Serves an API's operations as tools.</summary>
    /// <returns>The path of the server, below the gateway's prefix.</returns>
    internal string Put(byte[] document, string basePath, Func<HttpRequest, Task<IResult>> answer)
    {
        var parsed = (JsonObject)JsonNode.Parse(Encoding.UTF8.GetString(document))!;
        // As the Catalog exports it.
        parsed["servers"] = new JsonArray(
            new JsonObject { ["url"] = $"https://gateway.example/{basePath}" }
        );
        var version = new Id<VersionKind>(Guid.CreateVersion7());
        _sets[version.Value] = ToolReader.Read(parsed);
        Apis[basePath] = answer;
        return $"/mcp/{version}";
    }

    private protected override void Configure(WebApplicationBuilder builder)
    {
        builder.Configuration["Mcp:Gateway"] = _gateway.Urls.Single();
        builder.AddMcpServers();
        builder.Services.AddSingleton<IToolSets>(this);
    }

    private protected override void Map(WebApplication app) => app.MapMcp();
}
