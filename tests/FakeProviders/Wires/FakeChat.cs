using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.FakeProviders;

internal sealed class FakeChat() : FakeWire("openai-chat")
{
    public override bool CountsWritten => true;

    public override IReadOnlyList<byte[]> Stream(Script script)
    {
        List<byte[]> events = [Chunk(new JsonObject { ["role"] = "assistant", ["content"] = "" })];
        var index = 0;
        foreach (var block in script.Blocks)
        {
            switch (block)
            {
                case ScriptReasoning reasoning:
                    events.AddRange(
                        reasoning.Fragments.Select(text =>
                            Chunk(new JsonObject { ["reasoning_content"] = text })
                        )
                    );
                    break;
                case ScriptText text:
                    // Some servers send an empty list of calls with every token.
                    events.AddRange(
                        text.Fragments.Select(part =>
                            Chunk(
                                new JsonObject
                                {
                                    ["content"] = part,
                                    ["tool_calls"] = new JsonArray(),
                                }
                            )
                        )
                    );
                    break;
                case ScriptCall call:
                    events.Add(Call(index, call.Id, call.Name, ""));
                    events.AddRange(call.Fragments.Select(part => Call(index, null, null, part)));
                    index++;
                    break;
            }
        }

        events.Add(Chunk([], Finish(script)));
        events.Add(
            Sse(
                new JsonObject
                {
                    ["id"] = "chatcmpl-up",
                    ["object"] = "chat.completion.chunk",
                    ["choices"] = new JsonArray(),
                    ["usage"] = Usage(script.Usage),
                }
            )
        );
        events.Add(Encoding.UTF8.GetBytes("data: [DONE]\n\n"));
        return events;
    }

    public override (string? Type, byte[] Body) Error(int status) => OpenAiError(status);

    public override byte[] Whole(Script script)
    {
        var message = new JsonObject { ["role"] = "assistant" };
        message["content"] = script.Text.Length > 0 ? script.Text : null;
        if (script.Reasoning.Length > 0)
        {
            message["reasoning_content"] = script.Reasoning;
        }

        if (script.Calls.Count > 0)
        {
            message["tool_calls"] = new JsonArray([
                .. script.Calls.Select(call => new JsonObject
                {
                    ["id"] = call.Id,
                    ["type"] = "function",
                    ["function"] = new JsonObject
                    {
                        ["name"] = call.Name,
                        ["arguments"] = call.Arguments,
                    },
                }),
            ]);
        }

        var body = new JsonObject
        {
            ["id"] = "chatcmpl-up",
            ["object"] = "chat.completion",
            ["created"] = 1,
            ["model"] = "some-model-2026",
            ["choices"] = new JsonArray(
                new JsonObject
                {
                    ["index"] = 0,
                    ["message"] = message,
                    ["finish_reason"] = Finish(script),
                }
            ),
            ["usage"] = Usage(script.Usage),
        };
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    private static byte[] Call(int index, string? id, string? name, string arguments)
    {
        var function = new JsonObject { ["arguments"] = arguments };
        var call = new JsonObject { ["index"] = index };
        if (id is not null)
        {
            call["id"] = id;
            call["type"] = "function";
            function["name"] = name;
        }

        call["function"] = function;
        return Chunk(new JsonObject { ["tool_calls"] = new JsonArray(call) });
    }

    private static byte[] Chunk(JsonObject delta, string? finish = null) =>
        Sse(
            new JsonObject
            {
                ["id"] = "chatcmpl-up",
                ["object"] = "chat.completion.chunk",
                ["created"] = 1,
                ["model"] = "some-model-2026",
                ["choices"] = new JsonArray(
                    new JsonObject
                    {
                        ["index"] = 0,
                        ["delta"] = delta,
                        ["finish_reason"] = finish,
                    }
                ),
                ["usage"] = null,
            }
        );

    private static string Finish(Script script) =>
        script.Finish switch
        {
            "tools" => "tool_calls",
            "length" => "length",
            _ => "stop",
        };

    private static JsonObject Usage(ScriptUsage usage) =>
        new()
        {
            ["prompt_tokens"] = usage.Input,
            ["completion_tokens"] = usage.Output,
            ["total_tokens"] = usage.Input + usage.Output,
            ["prompt_tokens_details"] = new JsonObject
            {
                ["cached_tokens"] = usage.Cached,
                ["cache_write_tokens"] = usage.Written,
            },
            ["completion_tokens_details"] = new JsonObject
            {
                ["reasoning_tokens"] = usage.Reasoning,
            },
        };
}
