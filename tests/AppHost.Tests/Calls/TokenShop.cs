using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>The sample API once more, for callers with access tokens of the suite alone, and with scopes.</summary>
internal sealed class TokenShop
{
    private const string Document = """
        {
          "openapi": "3.1.0",
          "info": { "title": "Orders", "version": "1" },
          "components": {
            "securitySchemes": { "tokens": { "type": "openIdConnect", "openIdConnectUrl": "https://id.example" } }
          },
          "paths": {
            "/orders": {
              "get": {
                "operationId": "list",
                "security": [{ "tokens": ["orders.read"] }],
                "responses": { "200": { "description": "ok" } }
              },
              "delete": {
                "operationId": "clear",
                "security": [{ "tokens": ["orders.read", "orders.clear"] }],
                "responses": { "204": { "description": "gone" } }
              }
            }
          }
        }
        """;

    private readonly OpenSuite _open;
    private readonly string _api;
    private readonly string _plan;

    private TokenShop(OpenSuite open, string slug, string api, string plan)
    {
        _open = open;
        _api = api;
        _plan = plan;
        Orders = $"/demo/{slug}/orders";
    }

    public string Orders { get; }

    public static async Task<TokenShop> OpenAsync(OpenSuite open, string slug)
    {
        var (door, shop) = (open.Door, open.Shop);
        var api = await door.ManageAsync(
            "catalog",
            HttpMethod.Post,
            $"teams/{shop.Team}/apis",
            new JsonObject { ["slug"] = slug, ["name"] = slug }
        );
        var imported = await door.ManageAsync(
            "catalog",
            HttpMethod.Put,
            $"apis/{api["id"]}/versions/v1/specification?basePath=/demo/{slug}",
            JsonNode.Parse(Document)!.AsObject()
        );
        var version = (string)imported["version"]!["id"]!;
        var plan = await shop.NewPlanAsync("automatic");
        await door.ManageAsync(
            "catalog",
            HttpMethod.Put,
            $"versions/{version}",
            new JsonObject { ["planIds"] = new JsonArray(plan) }
        );
        await door.ManageAsync(
            "catalog",
            HttpMethod.Put,
            $"versions/{version}/policies",
            JsonNode
                .Parse(
                    """{"policies":[{"type":"authentication","settings":{"methods":[{"jwt":{}}]}}]}"""
                )!
                .AsObject()
        );
        await shop.ServeAsync(version);
        return new(open, slug, (string)api["id"]!, plan);
    }

    /// <summary>An application with an OAuth client.</summary>
    public async Task<TokenClient> NewClientAsync(bool isSubscribed = true, params string[] scopes)
    {
        var application = await _open.Door.ManageAsync(
            "catalog",
            HttpMethod.Post,
            $"teams/{_open.Shop.Team}/applications",
            new JsonObject { ["name"] = $"Application {Guid.NewGuid()}" }
        );
        if (isSubscribed)
        {
            await _open.Door.ManageAsync(
                "catalog",
                HttpMethod.Post,
                $"applications/{application["id"]}/subscriptions",
                new JsonObject
                {
                    ["apiId"] = _api,
                    ["planId"] = _plan,
                    ["environment"] = "sandbox",
                }
            );
        }

        var made = await _open.Door.ManageAsync(
            "identity",
            HttpMethod.Post,
            $"applications/{application["id"]}/oauth-clients",
            new JsonObject
            {
                ["environment"] = "sandbox",
                ["name"] = "test",
                ["scopes"] = new JsonArray([.. scopes.Select(s => (JsonNode)s)]),
            }
        );
        return new(_open, (string)made["client"]!["clientId"]!, (string)made["clientSecret"]!);
    }

    /// <summary>Calls with a token, or without one.</summary>
    public async Task<HttpResponseMessage> CallAsync(
        string? token,
        HttpMethod? method = null,
        HttpClient? client = null
    )
    {
        client ??= _open.Door.Client;
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, Orders)
        {
            Version = client.DefaultRequestVersion,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers =
            {
                Authorization = token is null
                    ? null
                    : new AuthenticationHeaderValue("Bearer", token),
            },
        };
        return await client.SendAsync(request);
    }

    public async Task<HttpStatusCode> StatusAsync(string token, HttpClient? client = null)
    {
        using var answer = await CallAsync(token, client: client);
        return answer.StatusCode;
    }

    public Task ServedAsync(string token) =>
        Eventually.HoldsAsync(
            async () => await StatusAsync(token) == HttpStatusCode.OK,
            "the token is taken"
        );
}

/// <summary>An OAuth client of an application or a team, with Identity over HTTPS as it sees it.</summary>
internal sealed record TokenClient(OpenSuite Open, string Id, string Secret)
{
    public async Task<string> TokenAsync(string? scope = null, string? audience = null)
    {
        // A parameter without a value is as one that is not there (RFC 6749 section 3.2).
        using var answer = await AskAsync(
            "token",
            [
                KeyValuePair.Create("grant_type", "client_credentials"),
                KeyValuePair.Create("scope", scope ?? ""),
                KeyValuePair.Create("audience", audience ?? ""),
            ]
        );
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["access_token"]!;
    }

    /// <summary>Ends a token (RFC 7009).</summary>
    public async Task RevokeAsync(string token)
    {
        using var answer = await AskAsync("revoke", [KeyValuePair.Create("token", token)]);
    }

    /// <param name="what"><c>revoke</c> or <c>revoke-tokens</c>.</param>
    public Task ManageAsync(string what) =>
        Open.Door.ManageAsync("identity", HttpMethod.Post, $"oauth-clients/{Id}/{what}");

    private async Task<HttpResponseMessage> AskAsync(
        string endpoint,
        IEnumerable<KeyValuePair<string, string>> form
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"{Open.Suite.Address("identity", "https")}/connect/{endpoint}"
        )
        {
            Version = HttpVersion.Version20,
            Content = new FormUrlEncodedContent(form),
            Headers =
            {
                Authorization = new AuthenticationHeaderValue(
                    "Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Id}:{Secret}"))
                ),
            },
        };
        var answer = await Open.Door.Client.SendAsync(request);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync());
        return answer;
    }
}
