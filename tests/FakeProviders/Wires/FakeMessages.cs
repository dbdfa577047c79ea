using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.FakeProviders;

internal sealed class FakeMessages() : FakeWire("anthropic")
{
    public override bool Signs => true;

    public override bool CountsWritten => true;

    public override IReadOnlyList<byte[]> Stream(Script script)
    {
        List<byte[]> events =
        [
            Event("message_start", new() { ["message"] = Message(script, content: false) }),
            Event("ping", []),
        ];
        for (var i = 0; i < script.Blocks.Count; i++)
        {
            events.AddRange(Block(script.Blocks[i], i));
        }

        events.Add(
            Event(
                "message_delta",
                new()
                {
                    ["delta"] = new JsonObject
                    {
                        ["stop_reason"] = Stop(script),
                        ["stop_sequence"] = null,
                    },
                    ["usage"] = new JsonObject
                    {
                        ["output_tokens"] = script.Usage.Output,
                        ["output_tokens_details"] = new JsonObject
                        {
                            ["thinking_tokens"] = script.Usage.Reasoning,
                        },
                    },
                }
            )
        );
        events.Add(Event("message_stop", []));
        return events;
    }

    public override (string? Type, byte[] Body) Error(int status) =>
        (
            null,
            Json(
                new JsonObject
                {
                    ["type"] = "error",
                    ["error"] = new JsonObject
                    {
                        ["type"] = status switch
                        {
                            400 => "invalid_request_error",
                            401 => "authentication_error",
                            402 => "billing_error",
                            403 => "permission_error",
                            404 => "not_found_error",
                            429 => "rate_limit_error",
                            503 or 529 => "overloaded_error",
                            _ => "api_error",
                        },
                        ["message"] = $"Scripted {status}",
                    },
                    ["request_id"] = "req_up",
                }
            )
        );

    public override byte[] Whole(Script script) =>
        Encoding.UTF8.GetBytes(Message(script, content: true).ToJsonString());

    private static IEnumerable<byte[]> Block(ScriptBlock block, int index)
    {
        yield return Event(
            "content_block_start",
            new() { ["index"] = index, ["content_block"] = Begin(block) }
        );
        foreach (var (type, field, fragment) in Deltas(block))
        {
            yield return Event(
                "content_block_delta",
                new()
                {
                    ["index"] = index,
                    ["delta"] = new JsonObject { ["type"] = type, [field] = fragment },
                }
            );
        }

        yield return Event("content_block_stop", new() { ["index"] = index });
    }

    private static IEnumerable<(string Type, string Field, string Text)> Deltas(ScriptBlock block)
    {
        switch (block)
        {
            case ScriptText text:
                return text.Fragments.Select(part => ("text_delta", "text", part));
            case ScriptReasoning reasoning:
                var thoughts = reasoning.Fragments.Select(part =>
                    ("thinking_delta", "thinking", part)
                );
                return reasoning.Signature.Length > 0
                    ? thoughts.Append(("signature_delta", "signature", reasoning.Signature))
                    : thoughts;
            case ScriptCall { Arguments: "{}" }:
                return [("input_json_delta", "partial_json", "")];
            case ScriptCall call:
                return call.Fragments.Select(part => ("input_json_delta", "partial_json", part));
            default:
                throw new InvalidOperationException();
        }
    }

    private static JsonObject Begin(ScriptBlock block) =>
        block switch
        {
            ScriptText => new() { ["type"] = "text", ["text"] = "" },
            ScriptReasoning => new()
            {
                ["type"] = "thinking",
                ["thinking"] = "",
                ["signature"] = "",
            },
            ScriptCall call => new()
            {
                ["type"] = "tool_use",
                ["id"] = call.Id,
                ["name"] = call.Name,
                ["input"] = new JsonObject(),
            },
            _ => throw new InvalidOperationException(),
        };

    private static JsonObject Message(Script script, bool content)
    {
        var usage = script.Usage;
        return new()
        {
            ["id"] = "msg_up",
            ["type"] = "message",
            ["role"] = "assistant",
            ["model"] = "some-model-2026",
            ["content"] = new JsonArray([.. content ? script.Blocks.Select(Whole) : []]),
            ["stop_reason"] = content ? Stop(script) : null,
            ["stop_sequence"] = null,
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = usage.Input - usage.Cached - usage.Written,
                ["cache_creation_input_tokens"] = usage.Written,
                ["cache_read_input_tokens"] = usage.Cached,
                ["output_tokens"] = content ? usage.Output : 1,
                ["output_tokens_details"] = new JsonObject
                {
                    ["thinking_tokens"] = content ? usage.Reasoning : 0,
                },
            },
        };
    }

    private static JsonObject Whole(ScriptBlock block)
    {
        var whole = Begin(block);
        switch (block)
        {
            case ScriptText text:
                whole["text"] = text.Text;
                break;
            case ScriptReasoning reasoning:
                whole["thinking"] = reasoning.Text;
                whole["signature"] = reasoning.Signature;
                break;
            case ScriptCall call:
                whole["input"] = JsonNode.Parse(call.Arguments);
                break;
        }

        return whole;
    }

    private static string Stop(Script script) =>
        script.Finish switch
        {
            "tools" => "tool_use",
            "length" => "max_tokens",
            _ => "end_turn",
        };

    private static byte[] Event(string type, JsonObject data)
    {
        data["type"] = type;
        return Sse(data, type);
    }
}
