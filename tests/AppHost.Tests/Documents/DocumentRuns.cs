using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Calls;
using ApiSvc.AppHost.Tests.Documents.Plain;
using ApiSvc.AppHost.Tests.Documents.Samples;

namespace ApiSvc.AppHost.Tests.Documents;

/// <summary>Takes documents from an import to answered calls, each as an API of its own.</summary>
internal sealed class DocumentRuns : IDisposable
{
    private readonly Door _door;
    private readonly Shop _shop;
    private readonly string _plan;
    private readonly string _application;
    private readonly string _key;
    private readonly HttpClient[] _clients;
    private int _made;

    private DocumentRuns(Door door, Shop shop, string plan, string application, string key)
    {
        (_door, _shop, _plan, _application, _key) = (door, shop, plan, application, key);
        _clients = [door.Over(HttpVersion.Version11), door.Over(HttpVersion.Version20)];
    }

    /// <summary>Makes what all share: a plan without limits, and an application with a key.</summary>
    public static async Task<DocumentRuns> OpenAsync(OpenSuite open)
    {
        var plan = await open.Shop.NewPlanAsync("automatic");
        var (application, _, key) = await open.Shop.NewApplicationAsync();
        return new(open.Door, open.Shop, plan, application, key);
    }

    public async Task<DocumentRow> RunAsync(string name)
    {
        var bytes = await PublicDocuments.ReadAsync(name);
        var isYaml = name.EndsWith(".yaml", StringComparison.Ordinal);
        using var json = JsonDocument.Parse(
            await PublicDocuments.ReadAsync(PublicDocuments.TwinInJson(name))
        );
        var document = new PlainDocument(json.RootElement);
        var slug = $"document-{Interlocked.Increment(ref _made)}";
        await using var upstream = new RecordingUpstream();

        var (api, version) = await CreateAsync(slug);
        var row = new DocumentRow(name)
        {
            Syntax = isYaml ? "YAML" : "JSON",
            Version = document.Version,
            Bytes = bytes.Length,
        };
        var start = Stopwatch.GetTimestamp();
        var imported = await ImportAsync(
            api,
            bytes,
            isYaml ? "application/yaml" : "application/json"
        );
        row = row with { ImportTime = Stopwatch.GetElapsedTime(start), Findings = Count(imported) };

        var operations = document.Operations.ToList();
        var listed = await ListAsync(version);
        var faults = ImportCheck.Faults(operations, listed, imported).ToList();
        row = row with
        {
            Operations = listed.Count,
            Routable = listed.Count(o => (bool)o["routable"]!),
        };

        if (listed.Count == 0)
        {
            return row with { Refusal = await RefusalAsync(version), Faults = faults };
        }

        await _shop.PublishVersionAsync(version);
        await SubscribeAsync(api);
        await _shop.BindAsync(version, $"http://{upstream.Authority}{DocumentCalls.Prefix}");
        start = Stopwatch.GetTimestamp();
        var deployed = await _shop.DeployAsync(version, "?wait=all&timeout=30s");
        row = row with { DeployTime = Stopwatch.GetElapsedTime(start) };
        faults.AddRange(
            deployed["waitingForNodes"]!
                .AsArray()
                .Select(node => $"The node {node} did not acknowledge.")
        );

        return await CallAsync(row, document, operations, upstream, $"/demo/{slug}", faults);
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }
    }

    private async Task<DocumentRow> CallAsync(
        DocumentRow row,
        PlainDocument document,
        List<PlainOperation> operations,
        RecordingUpstream upstream,
        string basePath,
        List<string> faults
    )
    {
        var calls = new DocumentCalls(_door, upstream, basePath, _key);
        var reachable = operations
            .Where(o => o.HasPath)
            .DistinctBy(o => (o.Method, o.Shape))
            .ToList();
        var chosen = Variety.Choose(reachable, new SampleRequests(document));
        if (chosen.Count < Math.Min(reachable.Count, Variety.Wanted))
        {
            faults.Add(
                $"Of {reachable.Count} operations requests could be made for {chosen.Count} only."
            );
        }

        var right = 0;
        foreach (var (i, request) in chosen.Index())
        {
            var wrong = await calls.CallAsync(_clients[i % _clients.Length], request);
            right += wrong.Count == 0 ? 1 : 0;
            faults.AddRange(wrong);
        }

        return row with
        {
            Called = chosen.Count,
            Right = right,
            Faults = faults,
        };
    }

    private async Task<(string Api, string Version)> CreateAsync(string slug)
    {
        var api = await _shop.NewApiAsync(slug);
        var version = await _shop.CreateAsync(
            $"apis/{api}/versions",
            new JsonObject { ["name"] = "v1", ["planIds"] = new JsonArray(_plan) }
        );
        return (api, version);
    }

    private Task<JsonNode> ImportAsync(string api, byte[] document, string mediaType)
    {
        var body = new ByteArrayContent(document)
        {
            Headers = { ContentType = new MediaTypeHeaderValue(mediaType) },
        };
        return _door.ManageAsync(
            "catalog",
            HttpMethod.Put,
            $"apis/{api}/versions/v1/specification",
            body
        );
    }

    private async Task<List<JsonNode>> ListAsync(string version)
    {
        var all = new List<JsonNode>();
        for (var cursor = ""; ; )
        {
            var page = await _door.ManageAsync(
                "catalog",
                HttpMethod.Get,
                $"versions/{version}/operations?limit=200{cursor}"
            );
            all.AddRange(page["items"]!.AsArray().Select(i => i!));
            if (page["nextCursor"] is not { } next)
            {
                return all;
            }

            cursor = $"&cursor={Uri.EscapeDataString((string)next!)}";
        }
    }

    private Task SubscribeAsync(string api) =>
        _shop.CreateAsync(
            $"applications/{_application}/subscriptions",
            new JsonObject
            {
                ["apiId"] = api,
                ["planId"] = _plan,
                ["environment"] = "sandbox",
            }
        );

    // A version that would answer every call with 404 is not taken to be reviewed.
    private async Task<string> RefusalAsync(string version)
    {
        var answer = await _door.AskAsync(
            await _door.Tokens.OfAsync("admin", "catalog"),
            "catalog",
            HttpMethod.Post,
            $"versions/{version}/transitions",
            JsonContent.Create(new JsonObject { ["to"] = "inReview" })
        );
        answer.ShouldBeProblem(HttpStatusCode.Conflict, "no-operations");
        return "no operations";
    }

    private static string Count(JsonNode imported)
    {
        var counts = imported["findings"]!
            .AsArray()
            .CountBy(f => (string)f!["severity"]!)
            .Select(c => $"{c.Value} {c.Key}");
        return string.Join(", ", counts);
    }
}
