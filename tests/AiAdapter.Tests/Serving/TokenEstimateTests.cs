using System.Globalization;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Serving;
using ApiSvc.Testing;

namespace ApiSvc.AiAdapter.Tests.Serving;

/// <summary>The estimate against an independent tokenizer, for kinds of text that prompts are made of.</summary>
public sealed class TokenEstimateTests(ITestOutputHelper output)
{
    private static readonly (string Kind, string Text)[] Texts =
    [
        (
            "English",
            "The gateway authenticates, limits, shapes and records every call. Teams publish interfaces; other teams find them, subscribe, are approved and call them with a key of their own, which can be replaced at any time without an interruption."
        ),
        (
            "German",
            "Die Schnittstelle wird von einem Team veröffentlicht, und andere Teams rufen sie mit einem eigenen Schlüssel auf, der jederzeit ohne Unterbrechung ausgetauscht werden kann."
        ),
        (
            "French",
            "La passerelle authentifie, limite et enregistre chaque appel ; les équipes publient des interfaces que d'autres équipes découvrent et appellent."
        ),
        (
            "code",
            "public async Task<int> CountAsync(string path)\n{\n    using var reader = File.OpenText(path);\n    var count = 0;\n    while (await reader.ReadLineAsync() is not null)\n    {\n        count++;\n    }\n\n    return count;\n}\n"
        ),
        (
            "JSON",
            """{"id":"ord_1042","customer":{"name":"Ada Lovelace","country":"GB"},"items":[{"sku":"A-17","quantity":3,"price":12.5},{"sku":"B-2","quantity":1,"price":99.0}],"paid":true}"""
        ),
        (
            "Chinese",
            "网关对每个调用进行身份验证、限制和记录。团队发布接口，其他团队订阅并使用自己的密钥调用它们。"
        ),
        ("Japanese", "ゲートウェイはすべての呼び出しを認証し、制限し、記録します。"),
        (
            "Russian",
            "Шлюз проверяет подлинность, ограничивает и записывает каждый вызов интерфейса."
        ),
    ];

    [Fact]
    public async Task Of_TextsOfManyKinds_IsNearATokenizersCount()
    {
        await using var peer = await NodePeer.StartAsync(
            Path.Combine(Repository.Root, "tests", "AiAdapter.Tests", "peers"),
            "tokens.cjs",
            new() { ["texts"] = new JsonArray([.. Texts.Select(t => (JsonNode)t.Text)]) }
        );
        var counts = peer.Self["counts"]!.AsArray();
        foreach (var (i, (kind, text)) in Texts.Index())
        {
            var ratio = TokenEstimate.Of(text) / (double)(int)counts[i]!;
            output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{kind}: {TokenEstimate.Of(text)} estimated, {counts[i]} counted: {ratio:0.00}"
                )
            );
            ratio.ShouldBeInRange(0.75, 1.3, kind);
        }
    }
}
