using System.Text;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Bedrock;

/// <summary>Reads a whole answer of Converse.</summary>
internal static class BedrockAnswerReader
{
    public static void Read(ReadOnlyMemory<byte> body, ReadContext context, IHubEvents events) =>
        WholeAnswer.Read(body, events, (root, answer) => Read(root, context, answer));

    public static Usage Count(JsonElement usage)
    {
        var cached = usage.Long("cacheReadInputTokens");
        var written = usage.Long("cacheWriteInputTokens");
        var hour = usage
            .Items("cacheDetails")
            .Where(detail => detail.Text("ttl") == "1h")
            .Sum(detail => detail.Long("inputTokens"));
        hour = Math.Min(hour, written);
        return new()
        {
            // What was cached is not in it, as at Anthropic.
            Input = usage.Long("inputTokens") + cached + written,
            CachedInput = cached,
            CacheWrite1Hour = hour,
            CacheWrite5Minutes = written - hour,
            Output = usage.Long("outputTokens"),
        };
    }

    public static void End(AnswerSource answer, string? word)
    {
        if (word is "malformed_model_output" or "malformed_tool_use")
        {
            answer.Fail(
                new(
                    FailureKind.Malformed,
                    "The model's answer could not be read by its provider.",
                    Code: word
                )
            );
            return;
        }

        answer.Finish(
            word switch
            {
                "stop_sequence" => FinishReason.StopSequence,
                "max_tokens" or "model_context_window_exceeded" => FinishReason.Length,
                "tool_use" => FinishReason.ToolUse,
                "guardrail_intervened" or "content_filtered" => FinishReason.Filtered,
                _ => answer.CalledTool ? FinishReason.ToolUse : FinishReason.End,
            }
        );
    }

    private static void Read(JsonElement root, ReadContext context, AnswerSource answer)
    {
        if (root.Child("output")?.Child("message") is not { } message)
        {
            return;
        }

        answer.Start("", context.Deployment.Model);
        foreach (var block in message.Items("content"))
        {
            Block(block, context, answer);
        }

        if (root.Child("usage") is { } usage)
        {
            answer.Count(Count(usage));
        }

        End(answer, root.Text("stopReason"));
    }

    private static void Block(JsonElement block, ReadContext context, AnswerSource answer)
    {
        if (block.Text("text") is { Length: > 0 } text)
        {
            answer.Block(BlockKind.Text, text);
        }
        else if (block.Child("toolUse") is { } call)
        {
            answer.Block(
                BlockKind.ToolUse,
                call.Child("input") is { } input
                    ? Messages.MessagesAnswerReader.Compact(input)
                    : "{}",
                call.Text("toolUseId"),
                call.Text("name")
            );
        }
        else if (block.Child("reasoningContent") is { } reasoning)
        {
            if (reasoning.Text("redactedContent") is { } data)
            {
                answer.Hidden(new(OpaqueKind.Redacted, data, context.Origin));
            }
            else if (reasoning.Child("reasoningText") is { } thought)
            {
                answer.Block(
                    BlockKind.Reasoning,
                    thought.Text("text") ?? "",
                    opaque: thought.Text("signature") is { Length: > 0 } signature
                        ? new(OpaqueKind.Signature, signature, context.Origin)
                        : null
                );
            }
        }
    }
}

/// <summary>Reads a stream of Converse. A token costs no allocation.</summary>
internal sealed class BedrockStreamReader(ReadContext context, IHubEvents events)
    : FramedStreamReader(context, events, (sink, most) => new EventStreamParser(sink, most))
{
    private readonly StringBuilder _signature = new();
    private readonly StringBuilder _redacted = new();
    private string? _stop;
    private bool _stopped;

    protected override void Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (name.SequenceEqual("contentBlockDelta"u8))
        {
            ReadDelta(data);
            return;
        }

        if (name.SequenceEqual("contentBlockStop"u8))
        {
            Stop();
            return;
        }

        var reader = new Utf8JsonReader(data);
        using var document = JsonDocument.ParseValue(ref reader);
        ReadRare(Encoding.UTF8.GetString(name), document.RootElement);
    }

    private void ReadRare(string name, JsonElement root)
    {
        switch (name)
        {
            case "messageStart":
                Answer.Start("", Context.Deployment.Model);
                break;
            case "contentBlockStart" when root.Child("start")?.Child("toolUse") is { } call:
                Answer.Begin(BlockKind.ToolUse, call.Text("toolUseId"), call.Text("name"));
                break;
            case "messageStop":
                _stop = root.Text("stopReason");
                _stopped = true;
                break;
            case "metadata" when _stopped:
                if (root.Child("usage") is { } usage)
                {
                    Answer.Count(BedrockAnswerReader.Count(usage));
                }

                BedrockAnswerReader.End(Answer, _stop);
                break;
            case ['!', .. var exception]:
                Answer.Fail(BedrockErrors.Read(exception, root.Text("message"), status: null));
                break;
            default:
                break;
        }
    }

    private void Stop()
    {
        if (_redacted.Length > 0)
        {
            Answer.Hidden(new(OpaqueKind.Redacted, _redacted.ToString(), Context.Origin));
        }
        else if (_signature.Length > 0)
        {
            if (Answer.Open != BlockKind.Reasoning)
            {
                Answer.Begin(BlockKind.Reasoning);
            }

            Answer.Close(new(OpaqueKind.Signature, _signature.ToString(), Context.Origin));
        }
        else
        {
            Answer.Close();
        }

        _redacted.Clear();
        _signature.Clear();
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
                ReadKind(ref reader);
            }
        }
    }

    private void ReadKind(ref Utf8JsonReader reader)
    {
        var isTool = reader.ValueTextEquals("toolUse"u8);
        var isReasoning = reader.ValueTextEquals("reasoningContent"u8);
        var isText = reader.ValueTextEquals("text"u8);
        reader.Read();
        if (isText && reader.TokenType == JsonTokenType.String)
        {
            Append(ref reader, BlockKind.Text);
        }
        else if ((isTool || isReasoning) && reader.TokenType == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadPart(ref reader, isTool);
            }
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadPart(ref Utf8JsonReader reader, bool isTool)
    {
        var isInput = isTool && reader.ValueTextEquals("input"u8);
        var isThought = !isTool && reader.ValueTextEquals("text"u8);
        var isSignature = !isTool && reader.ValueTextEquals("signature"u8);
        var isRedacted = !isTool && reader.ValueTextEquals("redactedContent"u8);
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            reader.Skip();
        }
        else if (isInput || isThought)
        {
            Append(ref reader, isInput ? BlockKind.ToolUse : BlockKind.Reasoning);
        }
        else if (isSignature)
        {
            _signature.Append(reader.GetString());
        }
        else if (isRedacted)
        {
            _redacted.Append(reader.GetString());
        }
    }

    private void Append(ref Utf8JsonReader reader, BlockKind kind)
    {
        Scratch.Clear();
        reader.AppendString(Scratch);
        Answer.Append(kind, Scratch.Span);
    }
}
