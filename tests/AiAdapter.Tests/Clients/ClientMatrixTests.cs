using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Tests.Serving;
using ApiSvc.Testing;

namespace ApiSvc.AiAdapter.Tests.Clients;

/// <summary>
/// The clients that people use, unchanged but for address and key, against every family. What a provider cannot do is refused with
/// 400 in the client's own format; nothing is wrong in silence: each cell checks what the client got and what the provider was told.
/// </summary>
public sealed class ClientMatrixTests(ServingHost host, ITestOutputHelper output)
    : IClassFixture<ServingHost>
{
    private static readonly string[] Families =
    [
        "openai-chat",
        "openai-responses",
        "anthropic",
        "anthropic 2026-10-21",
        "gemini",
        "azure-openai",
        "bedrock",
        "ollama",
        "compatible",
    ];

    private static readonly Dictionary<string, string> Behaviours = new()
    {
        ["plain"] = "plain",
        ["tools"] = "tools",
        ["json"] = "json",
        ["reasoning"] = "reasoning",
        ["limited"] = "error:429:5",
        ["slow"] = "tokens:500+slow:5",
    };

    // What their providers do not have.
    private static readonly string[] Refused =
    [
        "openai 7: embeddings at anthropic",
        "openai 7: embeddings at anthropic 2026-10-21",
        "openai 7: embeddings at bedrock",
        "openai 6: embeddings at anthropic",
        "openai 6: embeddings at anthropic 2026-10-21",
        "openai 6: embeddings at bedrock",
        // It asks for objects by a tool that must be called.
        "ai, anthropic: object at ollama",
    ];

    public static TheoryData<string> AllClients =>
        [
            "openai 7",
            "openai 6",
            "anthropic 1",
            "anthropic 1, 2026-10-21",
            "anthropic 0",
            "ai, openai responses",
            "ai, openai chat",
            "ai, anthropic",
        ];

    [Theory, MemberData(nameof(AllClients))]
    public async Task Client_AtEveryFamily_GetsWhatTheProviderSaidOrAClearRefusal(string client)
    {
        var families = new JsonObject();
        foreach (var family in Families)
        {
            var models = new JsonObject();
            foreach (var (name, behaviour) in Behaviours)
            {
                var (model, upstream) = host.PutTagged(family, behaviour);
                models[name] = new JsonObject { ["model"] = model, ["upstream"] = upstream };
            }

            families[family] = models;
        }

        await using var peer = await NodePeer.StartAsync(
            Path.Combine(Repository.Root, "tests", "AiAdapter.Tests", "peers", "clients"),
            "matrix.cjs",
            new()
            {
                ["address"] = $"{host.Address}/ai",
                ["provider"] = host.Providers,
                ["key"] = ServingHost.ApiKey,
                ["families"] = families,
                ["clients"] = new JsonArray(client),
            },
            ownNode: true
        );
        await peer.EndAsync(TimeSpan.FromMinutes(3));

        var cells = peer.Seen.Select(Cell.Of).ToList();
        output.WriteLine(Table(client, cells));
        cells.Count.ShouldBeGreaterThanOrEqualTo(6 * Families.Length);
        foreach (var wrong in cells.Where(c => c.Result != "ok"))
        {
            output.WriteLine($"{wrong}\n");
        }

        cells.Where(c => c.Result == "wrong").ShouldBeEmpty();
        cells
            .Where(c => c.Result == "refused")
            .Select(c => $"{client}: {c.Feature} at {c.Family}")
            .ShouldBe(Refused.Where(r => r.Split(": ")[0] == client), ignoreOrder: true);
    }

    private static string Table(string client, List<Cell> cells)
    {
        var lines = cells
            .Select(c => c.Feature)
            .Distinct()
            .Select(feature =>
                Row(
                    feature,
                    Families.Select(f =>
                        cells.Find(c => c.Feature == feature && c.Family == f)?.Result ?? ""
                    )
                )
            );
        return string.Join('\n', lines.Prepend(Row(client, Families)));
    }

    private static string Row(string first, IEnumerable<string> cells) =>
        string.Concat(cells.Select(c => c.PadRight(21)).Prepend(first.PadRight(25)));

    private sealed record Cell(string Feature, string Family, string Result, string Detail)
    {
        public static Cell Of(JsonNode line) =>
            new(
                (string)line["feature"]!,
                (string)line["family"]!,
                (string)line["result"]!,
                (string)line["detail"]!
            );
    }
}
