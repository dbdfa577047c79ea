using System.Text;
using System.Text.Json;
using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Responses;

/// <summary>Reads a stream of Responses. A token costs no allocation.</summary>
internal sealed class ResponsesStreamReader : FramedStreamReader
{
    private readonly ToolCallSlots _calls;
    private bool _refused;
    private bool _sawDelta;

    public ResponsesStreamReader(ReadContext context, IHubEvents events)
        : base(context, events, (sink, most) => new SseParser(sink, most)) =>
        _calls = new(Answer, context.CallId, context.MaxEventBytes);

    public override void Dispose()
    {
        _calls.Dispose();
        base.Dispose();
    }

    protected override void Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var type = name.IsEmpty ? JsonScan.Text(data, "type"u8) : name;
        if (type.SequenceEqual("response.output_text.delta"u8))
        {
            ReadDelta(data, BlockKind.Text);
        }
        else if (type.SequenceEqual("response.function_call_arguments.delta"u8))
        {
            ReadDelta(data, BlockKind.ToolUse);
        }
        else if (
            type.SequenceEqual("response.reasoning_summary_text.delta"u8)
            || type.SequenceEqual("response.reasoning_text.delta"u8)
        )
        {
            ReadDelta(data, BlockKind.Reasoning);
        }
        else if (type.SequenceEqual("response.refusal.delta"u8))
        {
            _refused = true;
            ReadDelta(data, BlockKind.Refusal);
        }
        else if (IsRare(type))
        {
            var reader = new Utf8JsonReader(data);
            using var document = JsonDocument.ParseValue(ref reader);
            ReadRare(Encoding.UTF8.GetString(type), document.RootElement);
        }
    }

    // All others say again what deltas and items said.
    private static bool IsRare(ReadOnlySpan<byte> type) =>
        type.SequenceEqual("response.created"u8)
        || type.SequenceEqual("response.output_item.added"u8)
        || type.SequenceEqual("response.output_item.done"u8)
        || type.SequenceEqual("response.reasoning_summary_part.added"u8)
        || type.SequenceEqual("response.completed"u8)
        || type.SequenceEqual("response.incomplete"u8)
        || type.SequenceEqual("response.failed"u8)
        || type.SequenceEqual("error"u8);

    private void ReadRare(string type, JsonElement root)
    {
        switch (type)
        {
            case "response.created" when root.Child("response") is { } response:
                Answer.Start(response.Text("id") ?? "", response.Text("model") ?? "");
                break;
            case "response.output_item.added" when root.Child("item") is { } item:
                ItemAdded(item, root.Long("output_index"));
                break;
            case "response.reasoning_summary_part.added" when root.Long("summary_index") > 0:
                Answer.Append(BlockKind.Reasoning, "\n\n"u8);
                break;
            case "response.output_item.done" when root.Child("item") is { } item:
                ItemDone(item);
                break;
            case "error":
                Answer.Fail(
                    ChatErrors.Read(root, status: null)
                        ?? new(FailureKind.ServerError, "The provider broke the stream off.")
                );
                break;
            default:
                if (root.Child("response") is { } ended)
                {
                    _calls.Flush();
                    ResponsesAnswerReader.End(ended, Answer, _refused);
                }

                break;
        }
    }

    private void ItemAdded(JsonElement item, long index)
    {
        _sawDelta = false;
        switch (item.Text("type"))
        {
            case "function_call":
                _sawDelta = true;
                _calls.Add(index, item.Text("call_id"), item.Text("name"), []);
                break;
            case "reasoning":
                Answer.Begin(BlockKind.Reasoning);
                break;
            default:
                break;
        }
    }

    private void ItemDone(JsonElement item)
    {
        if (item.Text("type") == "reasoning" && Answer.Open == BlockKind.Reasoning)
        {
            if (!_sawDelta)
            {
                foreach (var part in item.Items("summary").Concat(item.Items("content")))
                {
                    Answer.Append(
                        BlockKind.Reasoning,
                        Encoding.UTF8.GetBytes(part.Text("text") ?? "")
                    );
                }
            }

            Answer.Close(ResponsesAnswerReader.Encrypted(item, Context));
        }
        else if (!_sawDelta)
        {
            // A server that streams items, not deltas.
            _refused |= ResponsesAnswerReader.Item(item, Context, Answer);
        }
        else if (Answer.Open != BlockKind.ToolUse)
        {
            Answer.Close();
        }
    }

    private void ReadDelta(ReadOnlySpan<byte> data, BlockKind kind)
    {
        _sawDelta = true;
        Scratch.Clear();
        long index = 0;
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isDelta = reader.ValueTextEquals("delta"u8);
            var isIndex = reader.ValueTextEquals("output_index"u8);
            reader.Read();
            if (isDelta && reader.TokenType == JsonTokenType.String)
            {
                reader.AppendString(Scratch);
            }
            else if (isIndex && reader.TokenType == JsonTokenType.Number)
            {
                index = reader.GetInt64();
            }
            else
            {
                reader.Skip();
            }
        }

        if (kind != BlockKind.ToolUse)
        {
            Answer.Append(kind, Scratch.Span);
        }
        else if (!_calls.Add(index, null, null, Scratch.Span))
        {
            Answer.Fail(Malformed("fragments of tool calls that fit nowhere"));
        }
    }
}
