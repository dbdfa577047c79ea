using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.FakeProviders;

internal sealed class FakeBedrock() : FakeWire("bedrock")
{
    public override bool Signs => true;

    public override bool CountsReasoning => false;

    public override bool CountsWritten => true;

    public override IReadOnlyList<byte[]> Stream(Script script)
    {
        List<byte[]> events = [Frame("messageStart", new() { ["role"] = "assistant" })];
        for (var i = 0; i < script.Blocks.Count; i++)
        {
            events.AddRange(Block(script.Blocks[i], i));
        }

        events.Add(Frame("messageStop", new() { ["stopReason"] = Stop(script) }));
        events.Add(
            Frame(
                "metadata",
                new()
                {
                    ["usage"] = Usage(script.Usage),
                    ["metrics"] = new JsonObject { ["latencyMs"] = 10 },
                    ["p"] = "abcd",
                }
            )
        );
        return events;
    }

    public override string StreamType => "application/vnd.amazon.eventstream";

    public override (string? Type, byte[] Body) Error(int status) =>
        (
            status switch
            {
                400 => "ValidationException",
                403 => "AccessDeniedException",
                404 => "ResourceNotFoundException",
                429 => "ThrottlingException",
                503 => "ServiceUnavailableException",
                _ => "InternalServerException",
            },
            Json(new JsonObject { ["message"] = $"Scripted {status}" })
        );

    public override byte[] Whole(Script script)
    {
        var body = new JsonObject
        {
            ["output"] = new JsonObject
            {
                ["message"] = new JsonObject
                {
                    ["role"] = "assistant",
                    ["content"] = new JsonArray([.. script.Blocks.Select(Content)]),
                },
            },
            ["stopReason"] = Stop(script),
            ["usage"] = Usage(script.Usage),
        };
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    /// <summary>One message of the binary framing.</summary>
    public static byte[] Frame(string type, JsonObject payload, string kind = "event")
    {
        using var headers = new MemoryStream();
        Header(headers, ":message-type", kind);
        Header(headers, kind == "event" ? ":event-type" : ":exception-type", type);
        Header(headers, ":content-type", "application/json");
        var head = headers.ToArray();
        var body = Encoding.UTF8.GetBytes(payload.ToJsonString());
        var message = new byte[12 + head.Length + body.Length + 4];
        BinaryPrimitives.WriteInt32BigEndian(message, message.Length);
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(4), head.Length);
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(8), Crc(message.AsSpan(0, 8)));
        head.CopyTo(message, 12);
        body.CopyTo(message, 12 + head.Length);
        BinaryPrimitives.WriteUInt32BigEndian(
            message.AsSpan(message.Length - 4),
            Crc(message.AsSpan(0, message.Length - 4))
        );
        return message;
    }

    // The checksum gzip puts behind what it packed.
    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(packed.ToArray().AsSpan()[^8..^4]);
    }

    private static void Header(MemoryStream headers, string name, string value)
    {
        headers.WriteByte((byte)name.Length);
        headers.Write(Encoding.ASCII.GetBytes(name));
        headers.WriteByte(7);
        headers.WriteByte((byte)(value.Length >> 8));
        headers.WriteByte((byte)value.Length);
        headers.Write(Encoding.ASCII.GetBytes(value));
    }

    private static IEnumerable<byte[]> Block(ScriptBlock block, int index)
    {
        if (block is ScriptCall call)
        {
            yield return Frame(
                "contentBlockStart",
                new()
                {
                    ["contentBlockIndex"] = index,
                    ["start"] = new JsonObject
                    {
                        ["toolUse"] = new JsonObject
                        {
                            ["toolUseId"] = call.Id,
                            ["name"] = call.Name,
                        },
                    },
                }
            );
        }

        foreach (var delta in Deltas(block))
        {
            yield return Frame(
                "contentBlockDelta",
                new()
                {
                    ["contentBlockIndex"] = index,
                    ["delta"] = delta,
                    ["p"] = "ab",
                }
            );
        }

        yield return Frame("contentBlockStop", new() { ["contentBlockIndex"] = index });
    }

    private static IEnumerable<JsonObject> Deltas(ScriptBlock block)
    {
        switch (block)
        {
            case ScriptText text:
                return text.Fragments.Select(part => new JsonObject { ["text"] = part });
            case ScriptReasoning reasoning:
                var parts = reasoning.Fragments.Select(part => Reasoning("text", part));
                return reasoning.Signature.Length > 0
                    ? parts.Append(Reasoning("signature", reasoning.Signature))
                    : parts;
            case ScriptCall call:
                return call.Fragments.Select(part => new JsonObject
                {
                    ["toolUse"] = new JsonObject { ["input"] = part },
                });
            default:
                throw new InvalidOperationException();
        }
    }

    private static JsonObject Reasoning(string field, string value) =>
        new() { ["reasoningContent"] = new JsonObject { [field] = value } };

    private static JsonObject Content(ScriptBlock block) =>
        block switch
        {
            ScriptText text => new() { ["text"] = text.Text },
            ScriptReasoning reasoning => new()
            {
                ["reasoningContent"] = new JsonObject
                {
                    ["reasoningText"] = new JsonObject
                    {
                        ["text"] = reasoning.Text,
                        ["signature"] = reasoning.Signature,
                    },
                },
            },
            ScriptCall call => new()
            {
                ["toolUse"] = new JsonObject
                {
                    ["toolUseId"] = call.Id,
                    ["name"] = call.Name,
                    ["input"] = JsonNode.Parse(call.Arguments),
                },
            },
            _ => throw new InvalidOperationException(),
        };

    private static string Stop(Script script) =>
        script.Finish switch
        {
            "tools" => "tool_use",
            "length" => "max_tokens",
            _ => "end_turn",
        };

    private static JsonObject Usage(ScriptUsage usage) =>
        new()
        {
            ["inputTokens"] = usage.Input - usage.Cached - usage.Written,
            ["outputTokens"] = usage.Output,
            ["totalTokens"] = usage.Input + usage.Output,
            ["cacheReadInputTokens"] = usage.Cached,
            ["cacheWriteInputTokens"] = usage.Written,
        };
}
