using System.Buffers;
using System.Text;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Responses;

/// <summary>Writes a stream of Responses: its last event holds the sum of all others.</summary>
internal sealed class ResponsesStreamWriter(AnswerContext context, IBufferWriter<byte> output)
    : IHubEvents,
        IDisposable
{
    private readonly SseWriter _sse = new(output);
    private readonly PooledBuffer _text = new();
    private readonly List<AnswerBlock> _blocks = [];
    private AnswerBlock _block = new(BlockKind.Text, "");
    private string _itemId = "";
    private Usage _usage;
    private long _sequence;
    private bool _started;
    private bool _hasPart;

    public void Start(in AnswerStart start)
    {
        _started = true;
        State("response.created"u8, "in_progress", null, null);
        State("response.in_progress"u8, "in_progress", null, null);
    }

    public void BlockStart(in BlockStart block)
    {
        _text.Clear();
        _hasPart = false;
        _block = new(block.Kind, "", block.Id, block.Name);
        _itemId = ResponsesOutput.ItemId(context, block.Kind, _blocks.Count);
        Item("response.output_item.added"u8, _block, "in_progress");
        if (block.Kind is BlockKind.Text or BlockKind.Refusal)
        {
            BeginPart();
        }
    }

    public void Delta(ReadOnlySpan<byte> utf8)
    {
        _text.Append(utf8);
        if (_block.Kind == BlockKind.Image)
        {
            return;
        }

        if (_block.Kind == BlockKind.Reasoning && !_hasPart)
        {
            BeginPart();
        }

        var json = Begin(DeltaName(_block.Kind));
        Place(json);
        json.WriteString("delta"u8, utf8);
        if (_block.Kind == BlockKind.Text)
        {
            json.WriteStartArray("logprobs"u8);
            json.WriteEndArray();
        }

        End(json);
    }

    public void BlockStop(Opaque? opaque)
    {
        if (_block.Kind == BlockKind.ToolUse && _text.Length == 0)
        {
            Delta("{}"u8);
        }

        var done = _block with { Text = Encoding.UTF8.GetString(_text.Span), Opaque = opaque };
        if (_hasPart || _block.Kind == BlockKind.ToolUse)
        {
            EndPart(done);
        }

        Item("response.output_item.done"u8, done, "completed");
        _blocks.Add(done);
    }

    public void Usage(in Usage usage) => _usage = usage;

    public void Finish(in Finish finish)
    {
        var status = ResponsesOutput.Status(finish.Reason, _blocks);
        State(
            status == "completed" ? "response.completed"u8 : "response.incomplete"u8,
            status,
            finish,
            null
        );
    }

    public void Fail(Failure failure)
    {
        if (!_started)
        {
            Start(default);
        }

        State(
            "response.failed"u8,
            "failed",
            _usage == default ? null : new Finish(FinishReason.End, _usage),
            failure
        );
    }

    public void Dispose()
    {
        _sse.Dispose();
        _text.Dispose();
    }

    private static ReadOnlySpan<byte> DeltaName(BlockKind kind) =>
        kind switch
        {
            BlockKind.ToolUse => "response.function_call_arguments.delta"u8,
            BlockKind.Reasoning => "response.reasoning_summary_text.delta"u8,
            BlockKind.Refusal => "response.refusal.delta"u8,
            _ => "response.output_text.delta"u8,
        };

    private void BeginPart()
    {
        _hasPart = true;
        var json = Begin(
            _block.Kind == BlockKind.Reasoning
                ? "response.reasoning_summary_part.added"u8
                : "response.content_part.added"u8
        );
        Place(json);
        json.WritePropertyName("part"u8);
        ResponsesOutput.Part(json, _block.Kind, "");
        End(json);
    }

    private void EndPart(AnswerBlock done)
    {
        var json = Begin(
            done.Kind switch
            {
                BlockKind.ToolUse => "response.function_call_arguments.done"u8,
                BlockKind.Reasoning => "response.reasoning_summary_text.done"u8,
                BlockKind.Refusal => "response.refusal.done"u8,
                _ => "response.output_text.done"u8,
            }
        );
        Place(json);
        json.WriteString(
            done.Kind switch
            {
                BlockKind.ToolUse => "arguments"u8,
                BlockKind.Refusal => "refusal"u8,
                _ => "text"u8,
            },
            done.Text
        );
        if (done.Kind == BlockKind.ToolUse)
        {
            json.WriteString("name"u8, done.Name);
            End(json);
            return;
        }

        End(json);
        json = Begin(
            done.Kind == BlockKind.Reasoning
                ? "response.reasoning_summary_part.done"u8
                : "response.content_part.done"u8
        );
        Place(json);
        json.WritePropertyName("part"u8);
        ResponsesOutput.Part(json, done.Kind, done.Text);
        End(json);
    }

    private void Item(ReadOnlySpan<byte> type, AnswerBlock block, string status)
    {
        var json = Begin(type);
        json.WriteNumber("output_index"u8, _blocks.Count);
        json.WritePropertyName("item"u8);
        ResponsesOutput.Item(json, block, _itemId, status);
        End(json);
    }

    private void State(ReadOnlySpan<byte> type, string status, Finish? finish, Failure? failure)
    {
        var json = Begin(type);
        json.WritePropertyName("response"u8);
        ResponsesOutput.Response(json, context, status, _blocks, finish, failure);
        End(json);
    }

    private void Place(Utf8JsonWriter json)
    {
        json.WriteString("item_id"u8, _itemId);
        json.WriteNumber("output_index"u8, _blocks.Count);
        if (_block.Kind == BlockKind.Reasoning)
        {
            json.WriteNumber("summary_index"u8, 0);
        }
        else if (_block.Kind != BlockKind.ToolUse)
        {
            json.WriteNumber("content_index"u8, 0);
        }
    }

    private Utf8JsonWriter Begin(ReadOnlySpan<byte> type)
    {
        var json = _sse.Begin(type);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteNumber("sequence_number"u8, _sequence++);
        return json;
    }

    private void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        _sse.End();
    }
}
