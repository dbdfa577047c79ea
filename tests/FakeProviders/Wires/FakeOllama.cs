using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.FakeProviders;

internal sealed class FakeOllama() : FakeWire("ollama")
{
    public override bool CountsReasoning => false;

    public override bool CountsCached => false;

    public override bool HasIds => false;

    public override IReadOnlyList<byte[]> Stream(Script script)
    {
        List<byte[]> lines = [];
        foreach (var block in script.Blocks)
        {
            switch (block)
            {
                case ScriptText text:
                    lines.AddRange(text.Fragments.Select(part => Line(Message("content", part))));
                    break;
                case ScriptReasoning reasoning:
                    lines.AddRange(
                        reasoning.Fragments.Select(part => Line(Message("thinking", part)))
                    );
                    break;
                case ScriptCall call:
                    lines.Add(Line(Message("tool_calls", new JsonArray(Call(call)))));
                    break;
            }
        }

        lines.Add(Line(new JsonObject { ["role"] = "assistant", ["content"] = "" }, script));
        return lines;
    }

    public override string StreamType => "application/x-ndjson";

    public override (string? Type, byte[] Body) Error(int status) =>
        (null, Json(new JsonObject { ["error"] = $"Scripted {status}" }));

    public override byte[] Whole(Script script)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = script.Text };
        if (script.Reasoning.Length > 0)
        {
            message["thinking"] = script.Reasoning;
        }

        if (script.Calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([.. script.Calls.Select(Call)]);
        }

        return Line(message, script);
    }

    private static JsonObject Message(string field, JsonNode value)
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = "" };
        message[field] = value;
        return message;
    }

    private static JsonObject Call(ScriptCall call) =>
        new()
        {
            ["function"] = new JsonObject
            {
                ["name"] = call.Name,
                ["arguments"] = JsonNode.Parse(call.Arguments),
            },
        };

    private static byte[] Line(JsonObject message, Script? end = null)
    {
        var line = new JsonObject
        {
            ["model"] = "some-model-2026",
            ["created_at"] = "2026-11-01T00:00:00Z",
            ["message"] = message,
            ["done"] = end is not null,
        };
        if (end is not null)
        {
            line["done_reason"] = end.Finish == "length" ? "length" : "stop";
            line["prompt_eval_count"] = end.Usage.Input;
            line["eval_count"] = end.Usage.Output;
        }

        return Encoding.UTF8.GetBytes(line.ToJsonString() + "\n");
    }
}
