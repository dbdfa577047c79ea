using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Mcp.Tools;
using ApiSvc.AiAdapter.Tests.Serving;
using ApiSvc.Testing;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.AiAdapter.Tests.Mcp;

public sealed class McpTests(McpHost host, ITestOutputHelper output) : IClassFixture<McpHost>
{
    private static readonly string Folder = Path.Combine(
        Repository.Root,
        "tests",
        "AiAdapter.Tests",
        "peers",
        "mcp"
    );

    [Fact]
    public async Task Client_OfARealDocument_ListsAndCallsItsTools()
    {
        var asked = new List<string>();
        var path = host.Put(
            await PublicDocuments.ReadAsync("examples/3.0/json/petstore.json"),
            "pets",
            async request =>
            {
                using var reader = new StreamReader(request.Body);
                asked.Add(
                    $"{request.Method} {request.Path}{request.QueryString} {await reader.ReadToEndAsync()}"
                );
                return request.Path.Value!.EndsWith("/9", StringComparison.Ordinal)
                    ? Results.Problem("There is no such pet.", statusCode: 404)
                    : Results.Json(
                        new
                        {
                            id = 7,
                            name = "Rex",
                            photoUrls = Array.Empty<string>(),
                        }
                    );
            }
        );

        var seen = await RunAsync(
            path,
            new() { ["Authorization"] = $"Bearer {ServingHost.ApiKey}" },
            Call("getPetById", new() { ["petId"] = 7 }),
            Call("getPetById", new() { ["petId"] = 9 }),
            Call(
                "findPetsByStatus",
                new() { ["status"] = new JsonArray("available", "sold & gone") }
            ),
            Call("addPet", new() { ["body"] = new JsonObject { ["name"] = "Rex" } }),
            Call("getPetById", []),
            Call("noSuchTool", [])
        );

        var tools = seen[0]["tools"]!.AsArray();
        tools.Select(t => (string)t!["name"]!).ShouldContain("updatePetWithForm");
        var get = tools.First(t => (string)t!["name"]! == "getPetById")!;
        ((bool)get["annotations"]!["readOnlyHint"]!).ShouldBeTrue();
        get["inputSchema"]!["required"]!.AsArray().Select(r => (string)r!).ShouldBe(["petId"]);
        Text(seen[1]).ShouldContain("Rex");
        seen[1]["result"]!["isError"].ShouldBeNull();
        Text(seen[2]).ShouldContain("404");
        Text(seen[2]).ShouldContain("no such pet");
        ((bool)seen[2]["result"]!["isError"]!).ShouldBeTrue();
        Text(seen[5]).ShouldContain("petId");
        ((int)seen[6]["code"]!).ShouldBe(-32602);
        asked.ShouldBe([
            "GET /pets/pet/7 ",
            "GET /pets/pet/9 ",
            "GET /pets/pet/findByStatus?status=available&status=sold%20%26%20gone ",
            """POST /pets/pet {"name":"Rex"}""",
        ]);
    }

    [Fact]
    public async Task Client_WithoutAKeyOfTheApi_IsToldSoByTheTool()
    {
        var path = host.Put(
            await PublicDocuments.ReadAsync("examples/3.0/json/petstore.json"),
            "closed",
            _ => throw new InvalidOperationException("Nobody may come here.")
        );

        var (status, _) = await PostAsync($"/ai{path}", "{}", key: "wrong");
        var (_, told) = await PostAsync(
            $"/open{path}",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"getPetById","arguments":{"petId":1}}}""",
            key: "wrong"
        );

        status.ShouldBe(HttpStatusCode.Unauthorized);
        told.ShouldContain("401");
        told.ShouldContain("\"isError\":true");
    }

    [Fact]
    public async Task Call_ArgumentsThatTheToolDoesNotTake_IsToldWhatItTakes()
    {
        var path = host.Put(
            Simple(),
            "arguments",
            _ => throw new InvalidOperationException("Nobody may come here.")
        );

        var (_, told) = await PostAsync(
            $"/ai{path}",
            """{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"json_schema_2020_12_tool","arguments":{"nam":"x"}}}"""
        );

        told.ShouldContain("There is no argument");
        told.ShouldContain("name, address");
    }

    [Fact]
    public async Task Server_ToWhatIsNoMessage_SaysWhatWouldBe()
    {
        var path = "/ai" + host.Put(Simple(), "messages", _ => Task.FromResult(Results.Ok()));
        const string Ping = """{"jsonrpc":"2.0","id":"a","method":"ping"}""";

        (await PostAsync(path, "{")).Text.ShouldContain("-32700");
        (await PostAsync(path, $"[{Ping}]")).Text.ShouldContain("-32600");
        (
            await PostAsync(path, """{"jsonrpc":"2.0","id":1,"method":"nothing/here"}""")
        ).Text.ShouldContain("-32601");
        (
            await PostAsync(path, """{"jsonrpc":"2.0","method":"notifications/initialized"}""")
        ).Status.ShouldBe(HttpStatusCode.Accepted);
        (await PostAsync(path, Ping)).Text.ShouldBe("""{"jsonrpc":"2.0","id":"a","result":{}}""");
        (await PostAsync(path, Ping, accept: "text/html")).Status.ShouldBe(
            HttpStatusCode.NotAcceptable
        );
        (await PostAsync(path, Ping, version: "1999-01-01")).Status.ShouldBe(
            HttpStatusCode.BadRequest
        );
        (await PostAsync("/ai/mcp/ver_nothing", Ping)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await PostAsync(path, Ping, method: HttpMethod.Get)).Status.ShouldBe(
            HttpStatusCode.MethodNotAllowed
        );
    }

    [Fact]
    public async Task Server_PassesTheConformanceTestsOfWhatItOffers()
    {
        var path = host.Put(
            Simple(),
            "open-conformance",
            request =>
                Task.FromResult(
                    request.Path.Value!.EndsWith("/error", StringComparison.Ordinal)
                        ? Results.Problem(
                            "This tool intentionally returns an error for testing",
                            statusCode: 500
                        )
                        : Results.Text("This is a simple text response for testing.")
                )
        );
        string[] scenarios =
        [
            "server-initialize",
            "ping",
            "tools-list",
            "tools-call-simple-text",
            "tools-call-error",
            "json-schema-2020-12",
        ];

        await using var peer = await NodePeer.StartAsync(
            Folder,
            "conformance.cjs",
            new()
            {
                ["address"] = $"{host.Address}/open{path}",
                ["scenarios"] = new JsonArray([.. scenarios.Select(s => (JsonNode)s)]),
            },
            ownNode: true
        );
        await peer.EndAsync(TimeSpan.FromMinutes(2));

        foreach (var run in peer.Seen)
        {
            output.WriteLine($"{run["scenario"]}: {((bool)run["passed"]! ? "passed" : "FAILED")}");
            output.WriteLine((string)run["report"]!);
        }

        peer.Seen.Count.ShouldBe(scenarios.Length);
        peer.Seen.Where(r => !(bool)r["passed"]!)
            .Select(r => (string)r["scenario"]!)
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task Documents_OfManyPublishers_BecomeToolsThatStandAlone()
    {
        foreach (
            var name in PublicDocuments.Names.Where(n =>
                n.EndsWith(".json", StringComparison.Ordinal)
            )
        )
        {
            var document = (JsonObject)
                JsonNode.Parse(Encoding.UTF8.GetString(await PublicDocuments.ReadAsync(name)))!;
            if (document.ToJsonString().Length > 3_000_000)
            {
                continue;
            }

            var set = ToolReader.Read(document);

            set.Tools.Select(t => t.Name).ShouldBeUnique(name);
            foreach (var tool in set.Tools)
            {
                tool.Name.ShouldMatch("^[A-Za-z0-9_-]{1,64}$", name);
                var schema = tool.InputSchema.ToJsonString();
                schema.ShouldNotContain("#/components/");
                schema.ShouldNotContain("#/definitions/");
            }
        }
    }

    private static byte[] Simple() =>
        Encoding.UTF8.GetBytes(
            """
            {"openapi":"3.1.0","info":{"title":"Simple","version":"1.0.0"},"paths":{
              "/text":{"get":{"operationId":"test_simple_text","summary":"Answers with a text","responses":{"200":{"description":"A text"}}}},
              "/error":{"get":{"operationId":"test_error_handling","summary":"Fails","responses":{"200":{"description":"Never"}}}},
              "/schema":{"get":{"operationId":"json_schema_2020_12_tool","summary":"Takes an address","parameters":[
                {"name":"name","in":"query","schema":{"type":"string"}},
                {"name":"address","in":"query","schema":{"$ref":"#/components/schemas/address"}}],
                "responses":{"200":{"description":"Done"}}}}
            },"components":{"schemas":{"address":{"type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}}}}
            """
        );

    private static JsonObject Call(string name, JsonObject arguments) =>
        new() { ["name"] = name, ["arguments"] = arguments };

    private static string Text(JsonNode line) => (string)line["result"]!["content"]![0]!["text"]!;

    private async Task<IReadOnlyList<JsonNode>> RunAsync(
        string path,
        JsonObject headers,
        params JsonNode[] calls
    )
    {
        await using var peer = await NodePeer.StartAsync(
            Folder,
            "client.cjs",
            new()
            {
                ["address"] = $"{host.Address}/ai{path}",
                ["headers"] = headers,
                ["calls"] = new JsonArray(calls),
            },
            ownNode: true
        );
        await peer.EndAsync(TimeSpan.FromMinutes(1));
        peer.Seen.Count.ShouldBe(calls.Length + 1);
        return peer.Seen;
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(
        string path,
        string body,
        string key = ServingHost.ApiKey,
        string accept = "application/json, text/event-stream",
        string? version = null,
        HttpMethod? method = null
    )
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, host.Address + path)
        {
            Content =
                method == HttpMethod.Get
                    ? null
                    : new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-api-key", key);
        request.Headers.Add("Accept", accept);
        if (version is not null)
        {
            request.Headers.Add("MCP-Protocol-Version", version);
        }

        using var answer = await http.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
