using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.FakeProviders;

internal sealed class FakeResponses() : FakeWire("openai-responses")
{
    private const long Created = 1_790_000_000;

    private int _sequence;

    public override bool Signs => true;

    public override bool CountsWritten => true;

    public override IReadOnlyList<byte[]> Stream(Script script)
    {
        _sequence = 0;
        List<byte[]> events = [];
        var running = new JsonObject
        {
            ["id"] = "resp_up",
            ["object"] = "response",
            ["created_at"] = Created,
            ["status"] = "in_progress",
            ["model"] = "some-model-2026",
            ["output"] = new JsonArray(),
        };
        events.Add(Event("response.created", new() { ["response"] = running.DeepClone() }));
        events.Add(Event("response.in_progress", new() { ["response"] = running }));
        for (var i = 0; i < script.Blocks.Count; i++)
        {
            events.AddRange(Item(script.Blocks[i], i));
        }

        var type = script.Finish == "length" ? "response.incomplete" : "response.completed";
        events.Add(Event(type, new() { ["response"] = Response(script) }));
        return events;
    }

    public override (string? Type, byte[] Body) Error(int status) => OpenAiError(status);

    public override byte[] Whole(Script script) =>
        Encoding.UTF8.GetBytes(Response(script).ToJsonString());

    private IEnumerable<byte[]> Item(ScriptBlock block, int index)
    {
        var done = Output(block, index);
        var begun = done.DeepClone().AsObject();
        foreach (var field in (string[])["content", "summary"])
        {
            if (begun.ContainsKey(field))
            {
                begun[field] = new JsonArray();
            }
        }

        if (begun.ContainsKey("arguments"))
        {
            begun["arguments"] = "";
        }

        yield return Event(
            "response.output_item.added",
            new() { ["output_index"] = index, ["item"] = begun }
        );
        var (type, fragments) = block switch
        {
            ScriptText text => ("response.output_text", text.Fragments),
            ScriptReasoning reasoning => ("response.reasoning_summary_text", reasoning.Fragments),
            ScriptCall call => ("response.function_call_arguments", call.Fragments),
            _ => ("", Array.Empty<string>()),
        };
        foreach (var fragment in fragments)
        {
            yield return Event(
                $"{type}.delta",
                new()
                {
                    ["item_id"] = $"item_{index}",
                    ["output_index"] = index,
                    ["content_index"] = 0,
                    ["delta"] = fragment,
                    ["obfuscation"] = "xyz",
                }
            );
        }

        yield return Event(
            $"{type}.done",
            new()
            {
                ["item_id"] = $"item_{index}",
                ["output_index"] = index,
                ["content_index"] = 0,
                [block is ScriptCall ? "arguments" : "text"] = string.Concat(fragments),
            }
        );
        yield return Event(
            "response.output_item.done",
            new() { ["output_index"] = index, ["item"] = done }
        );
    }

    private static JsonObject Response(Script script)
    {
        var usage = script.Usage;
        return new()
        {
            ["id"] = "resp_up",
            ["object"] = "response",
            ["created_at"] = Created,
            ["status"] = script.Finish == "length" ? "incomplete" : "completed",
            ["error"] = null,
            ["incomplete_details"] =
                script.Finish == "length"
                    ? new JsonObject { ["reason"] = "max_output_tokens" }
                    : null,
            ["model"] = "some-model-2026",
            ["output"] = new JsonArray([.. script.Blocks.Select(Output)]),
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = usage.Input,
                ["input_tokens_details"] = new JsonObject
                {
                    ["cached_tokens"] = usage.Cached,
                    ["cache_write_tokens"] = usage.Written,
                },
                ["output_tokens"] = usage.Output,
                ["output_tokens_details"] = new JsonObject
                {
                    ["reasoning_tokens"] = usage.Reasoning,
                },
                ["total_tokens"] = usage.Input + usage.Output,
            },
        };
    }

    private static JsonObject Output(ScriptBlock block, int index) =>
        block switch
        {
            ScriptText text => new()
            {
                ["id"] = $"item_{index}",
                ["type"] = "message",
                ["role"] = "assistant",
                ["status"] = "completed",
                ["content"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "output_text",
                        ["text"] = text.Text,
                        ["annotations"] = new JsonArray(),
                    }
                ),
            },
            ScriptReasoning reasoning => new()
            {
                ["id"] = $"item_{index}",
                ["type"] = "reasoning",
                ["summary"] = new JsonArray(
                    new JsonObject { ["type"] = "summary_text", ["text"] = reasoning.Text }
                ),
                ["encrypted_content"] = reasoning.Signature.Length > 0 ? reasoning.Signature : null,
            },
            ScriptCall call => new()
            {
                ["id"] = $"item_{index}",
                ["type"] = "function_call",
                ["call_id"] = call.Id,
                ["name"] = call.Name,
                ["arguments"] = call.Arguments,
                ["status"] = "completed",
            },
            _ => throw new InvalidOperationException(),
        };

    private byte[] Event(string type, JsonObject data)
    {
        data["type"] = type;
        data["sequence_number"] = _sequence++;
        return Sse(data, type);
    }
}
