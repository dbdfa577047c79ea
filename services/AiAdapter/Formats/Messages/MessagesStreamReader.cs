using System.Text;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>Reads a stream of Messages. A token costs no allocation.</summary>
internal sealed class MessagesStreamReader(ReadContext context, IHubEvents events)
    : FramedStreamReader(context, events, (sink, most) => new SseParser(sink, most))
{
    private readonly StringBuilder _signature = new();
    private Usage _usage;
    private BlockKind? _kind;
    private string? _reason;
    private string? _stopSequence;

    protected override void Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var type = name.IsEmpty ? JsonScan.Text(data, "type"u8) : name;
        if (type.SequenceEqual("content_block_delta"u8))
        {
            ReadDelta(data);
        }
        else if (type.SequenceEqual("content_block_stop"u8))
        {
            Stop();
        }
        else if (type.SequenceEqual("message_stop"u8))
        {
            Answer.Finish(MessagesFinish.Read(_reason), _stopSequence);
        }
        else if (!type.SequenceEqual("ping"u8))
        {
            var reader = new Utf8JsonReader(data);
            using var document = JsonDocument.ParseValue(ref reader);
            ReadRare(type, document.RootElement);
        }
    }

    private void ReadRare(ReadOnlySpan<byte> type, JsonElement root)
    {
        if (type.SequenceEqual("content_block_start"u8))
        {
            if (root.Child("content_block") is { } block)
            {
                Begin(block);
            }
        }
        else if (type.SequenceEqual("message_start"u8))
        {
            if (root.Child("message") is { } message)
            {
                Answer.Start(message.Text("id") ?? "", message.Text("model") ?? "");
                Count(message);
            }
        }
        else if (type.SequenceEqual("message_delta"u8))
        {
            _reason = root.Child("delta")?.Text("stop_reason") ?? _reason;
            _stopSequence = root.Child("delta")?.Text("stop_sequence");
            Count(root);
        }
        else if (type.SequenceEqual("error"u8))
        {
            Answer.Fail(
                MessagesErrors.Read(root, status: null)
                    ?? new(FailureKind.ServerError, "The provider broke the stream off.")
            );
        }
    }

    private void Count(JsonElement holder)
    {
        if (holder.Child("usage") is { } usage)
        {
            _usage = MessagesUsage.Read(usage, _usage);
            Answer.Count(_usage);
        }
    }

    private void Begin(JsonElement block)
    {
        _signature.Clear();
        _kind = block.Text("type") switch
        {
            "text" => BlockKind.Text,
            "thinking" => BlockKind.Reasoning,
            "tool_use" => BlockKind.ToolUse,
            _ => null,
        };
        switch (_kind)
        {
            case BlockKind.ToolUse:
                Answer.Begin(BlockKind.ToolUse, block.Text("id"), block.Text("name"));

                // Some compatible servers give the whole input here.
                if (
                    block.Child("input") is { ValueKind: JsonValueKind.Object } input
                    && input.EnumerateObject().Any()
                )
                {
                    Answer.Append(
                        BlockKind.ToolUse,
                        Encoding.UTF8.GetBytes(MessagesAnswerReader.Compact(input))
                    );
                }

                break;
            case BlockKind.Reasoning:
                Answer.Begin(BlockKind.Reasoning);
                Append(BlockKind.Reasoning, block.Text("thinking"));
                _signature.Append(block.Text("signature"));
                break;
            case BlockKind.Text:
                Answer.Close();
                Append(BlockKind.Text, block.Text("text"));
                break;
            default:
                if (block.Text("type") == "redacted_thinking")
                {
                    Answer.Hidden(
                        new(OpaqueKind.Redacted, block.Text("data") ?? "", Context.Origin)
                    );
                }

                break;
        }
    }

    private void Stop()
    {
        Answer.Close(
            _signature.Length > 0
                ? new(OpaqueKind.Signature, _signature.ToString(), Context.Origin)
                : null
        );
        _signature.Clear();
        _kind = null;
    }

    private void Append(BlockKind kind, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Answer.Append(kind, Encoding.UTF8.GetBytes(text));
        }
    }

    private void ReadDelta(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isDelta = reader.ValueTextEquals("delta"u8);
            reader.Read();
            if (!isDelta || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadDeltaField(ref reader);
            }
        }
    }

    private void ReadDeltaField(ref Utf8JsonReader reader)
    {
        var isText =
            reader.ValueTextEquals("text"u8)
            || reader.ValueTextEquals("partial_json"u8)
            || reader.ValueTextEquals("thinking"u8);
        var isSignature = reader.ValueTextEquals("signature"u8);
        reader.Read();
        if (isText && reader.TokenType == JsonTokenType.String && _kind is { } kind)
        {
            Scratch.Clear();
            reader.AppendString(Scratch);
            Answer.Append(kind, Scratch.Span);
        }
        else if (isSignature && reader.TokenType == JsonTokenType.String)
        {
            _signature.Append(reader.GetString());
        }
        else
        {
            reader.Skip();
        }
    }
}
