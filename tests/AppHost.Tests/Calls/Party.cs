using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>A team of its own, by a client that has no rights but the team's publisher's.</summary>
internal sealed class Party
{
    private readonly Door _door;
    private readonly string _token;

    private Party(Door door, string team, string token) =>
        (_door, Team, _token) = (door, team, token);

    public string Team { get; }

    public static async Task<Party> CreateAsync(Suite suite, Door door, string slug)
    {
        var team = await door.ManageAsync(
            "identity",
            HttpMethod.Post,
            "teams",
            new JsonObject { ["slug"] = slug, ["name"] = slug }
        );
        var id = (string)team["id"]!;
        var made = await door.ManageAsync(
            "identity",
            HttpMethod.Post,
            $"teams/{id}/clients",
            new JsonObject { ["name"] = "test", ["roles"] = new JsonArray("publisher") }
        );
        var client = (string)made["client"]!["clientId"]!;
        var token = await suite.TokenAsync(client, (string)made["clientSecret"]!, "catalog");
        return new(door, id, token);
    }

    public Task<ManagementAnswer> SendAsync(
        HttpMethod method,
        string path,
        JsonObject? body = null
    ) => SendAsync(method, path, body is null ? null : JsonContent.Create(body));

    public Task<ManagementAnswer> SendAsync(HttpMethod method, string path, HttpContent? body) =>
        _door.AskAsync(_token, "catalog", method, path, body);

    /// <summary>An API of the team's; its id.</summary>
    public async Task<string> ApiAsync(string slug) =>
        (string)
            (
                await SendAsync(
                    HttpMethod.Post,
                    $"teams/{Team}/apis",
                    new JsonObject { ["slug"] = slug, ["name"] = slug }
                )
            ).Success()["id"]!;

    /// <summary>Asks for a version of an API at a base path.</summary>
    public Task<ManagementAnswer> VersionAsync(string api, string basePath, string name = "v1") =>
        SendAsync(
            HttpMethod.Post,
            $"apis/{api}/versions",
            new JsonObject
            {
                ["name"] = name,
                ["basePath"] = basePath,
                ["onlyOperations"] = false,
            }
        );

    public Task<ManagementAnswer> BindAsync(string version, string upstream) =>
        SendAsync(
            HttpMethod.Put,
            $"versions/{version}/environments/sandbox/bindings/default",
            new JsonObject { ["addresses"] = new JsonArray(new JsonObject { ["url"] = upstream }) }
        );

    public Task<ManagementAnswer> DeployAsync(string version) =>
        SendAsync(
            HttpMethod.Post,
            $"versions/{version}/environments/sandbox/deploy?wait=all&timeout=30s",
            new JsonObject()
        );
}
