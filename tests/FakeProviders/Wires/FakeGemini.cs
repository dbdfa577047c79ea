using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.FakeProviders;

internal sealed class FakeGemini() : FakeWire("gemini")
{
    public override bool HasIds => false;

    public override IReadOnlyList<byte[]> Stream(Script script)
    {
        var parts = script.Blocks.SelectMany(Parts).ToList();
        List<byte[]> events = [];
        for (var i = 0; i < parts.Count; i++)
        {
            var last = i == parts.Count - 1;
            var usage = Usage(script.Usage);
            if (!last)
            {
                usage["candidatesTokenCount"] = i;
            }

            events.Add(Sse(Fragment([parts[i]], last ? script : null, usage)));
        }

        return events;
    }

    public override (string? Type, byte[] Body) Error(int status) =>
        (
            null,
            Json(
                new JsonObject
                {
                    ["error"] = new JsonObject
                    {
                        ["code"] = status,
                        ["message"] = $"Scripted {status}",
                        ["status"] = status switch
                        {
                            400 => "INVALID_ARGUMENT",
                            401 => "UNAUTHENTICATED",
                            403 => "PERMISSION_DENIED",
                            404 => "NOT_FOUND",
                            429 => "RESOURCE_EXHAUSTED",
                            503 => "UNAVAILABLE",
                            504 => "DEADLINE_EXCEEDED",
                            _ => "INTERNAL",
                        },
                    },
                }
            )
        );

    public override byte[] Whole(Script script) =>
        Encoding.UTF8.GetBytes(
            Fragment(script.Blocks.SelectMany(Parts), script, Usage(script.Usage)).ToJsonString()
        );

    private static IEnumerable<JsonNode> Parts(ScriptBlock block)
    {
        switch (block)
        {
            case ScriptText text:
                return text.Fragments.Select(part => new JsonObject { ["text"] = part });
            case ScriptReasoning reasoning:
                return reasoning.Fragments.Select(part => new JsonObject
                {
                    ["text"] = part,
                    ["thought"] = true,
                });
            case ScriptCall call:
                return
                [
                    new JsonObject
                    {
                        ["functionCall"] = new JsonObject
                        {
                            ["name"] = call.Name,
                            ["args"] = JsonNode.Parse(call.Arguments),
                        },
                    },
                ];
            default:
                throw new InvalidOperationException();
        }
    }

    private static JsonObject Fragment(IEnumerable<JsonNode> parts, Script? end, JsonObject usage)
    {
        var candidate = new JsonObject
        {
            ["content"] = new JsonObject
            {
                ["parts"] = new JsonArray([.. parts]),
                ["role"] = "model",
            },
            ["index"] = 0,
        };
        if (end is not null)
        {
            // Also for calls it says no more than STOP.
            candidate["finishReason"] = end.Finish == "length" ? "MAX_TOKENS" : "STOP";
        }

        return new()
        {
            ["candidates"] = new JsonArray(candidate),
            ["usageMetadata"] = usage,
            ["modelVersion"] = "some-model-2026",
            ["responseId"] = "up",
        };
    }

    private static JsonObject Usage(ScriptUsage usage) =>
        new()
        {
            ["promptTokenCount"] = usage.Input,
            ["cachedContentTokenCount"] = usage.Cached,
            ["candidatesTokenCount"] = usage.Output - usage.Reasoning,
            ["thoughtsTokenCount"] = usage.Reasoning,
            ["totalTokenCount"] = usage.Input + usage.Output,
        };
}
