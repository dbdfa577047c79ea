using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Calls;

namespace ApiSvc.AppHost.Tests.Ai;

/// <summary>The sample API as a server of the Model Context Protocol, through the whole suite.</summary>
[Collection<OpenSuiteTests>]
public sealed class McpServerTests(OpenSuite open)
{
    private readonly Door _door = open.Door;

    [Fact]
    public async Task Tool_OfTheSampleApi_IsCalledWithTheCallersKey()
    {
        var versions = await _door.ManageAsync(
            "catalog",
            HttpMethod.Get,
            $"apis/{open.Shop.Api}/versions"
        );
        var shop = (string)versions["items"]![0]!["id"]!;
        var version = await open.Shop.DraftAsync("mcp");
        await open.Shop.PublishVersionAsync(version);
        await open.Shop.BindAsync(version, $"apisvc://aiadapter/mcp/{shop}");
        await open.Shop.DeployAsync(version, "?wait=all&timeout=10s");

        var listed = await AskAsync("tools/list", []);
        var called = await AskAsync(
            "tools/call",
            new() { ["name"] = "listOrders", ["arguments"] = new JsonObject() }
        );
        var (status, _) = await SendAsync("{}", key: null);

        var names = listed["tools"]!.AsArray().Select(t => (string)t!["name"]!).ToList();
        names.ShouldContain("listOrders");
        called["isError"].ShouldBeNull(called.ToJsonString());
        ((string)called["content"]![0]!["text"]!).ShouldContain("Notebook");
        status.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private async Task<JsonNode> AskAsync(string method, JsonObject parameters)
    {
        var (status, text) = await SendAsync(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["id"] = 1,
                ["method"] = method,
                ["params"] = parameters,
            }.ToJsonString(),
            open.Shop.Key
        );
        status.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!["result"].ShouldNotBeNull(text);
    }

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(string body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/demo/mcp")
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { Accept = { new("application/json"), new("text/event-stream") } },
        };
        if (key is not null)
        {
            request.Headers.Add("x-api-key", key);
        }

        using var answer = await _door.Client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
