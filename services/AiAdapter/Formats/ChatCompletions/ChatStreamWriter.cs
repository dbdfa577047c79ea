using System.Buffers;
using System.Text;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>Writes a stream of <c>chat.completion.chunk</c>.</summary>
internal sealed class ChatStreamWriter(AnswerContext context, IBufferWriter<byte> output)
    : IHubEvents,
        IDisposable
{
    private readonly SseWriter _sse = new(output);
    private readonly PooledBuffer _image = new(16);
    private readonly JsonEncodedText _id = JsonEncodedText.Encode(ChatAnswerWriter.Id(context));
    private readonly JsonEncodedText _model = JsonEncodedText.Encode(
        context.Model,
        JsonText.Writing.Encoder
    );
    private readonly long _created = context.Created.ToUnixTimeSeconds();
    private BlockStart _block;
    private int _calls = -1;
    private int _details;
    private bool _hasArguments;

    public void Start(in AnswerStart start)
    {
        var json = BeginDelta();
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, ""u8);
        EndDelta(json, null);
    }

    public void BlockStart(in BlockStart block)
    {
        _block = block;
        _hasArguments = false;
        if (block.Kind == BlockKind.ToolUse)
        {
            _calls++;
            var json = BeginCall();
            json.WriteString("id"u8, block.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, block.Name);
            json.WriteString("arguments"u8, ""u8);
            EndCall(json);
        }
    }

    public void Delta(ReadOnlySpan<byte> utf8)
    {
        switch (_block.Kind)
        {
            case BlockKind.ToolUse:
                _hasArguments = true;
                Arguments(utf8);
                break;
            case BlockKind.Image:
                _image.Append(utf8);
                break;
            default:
                var json = BeginDelta();
                json.WriteString(Field(_block.Kind), utf8);
                EndDelta(json, null);
                break;
        }
    }

    public void BlockStop(Opaque? opaque)
    {
        if (_block.Kind == BlockKind.ToolUse && !_hasArguments)
        {
            Arguments("{}"u8);
        }

        if (_block.Kind == BlockKind.Image)
        {
            var json = BeginDelta();
            json.WriteStartArray("images"u8);
            ChatAnswerWriter.WriteImage(json, _block.Name, Encoding.ASCII.GetString(_image.Span));
            json.WriteEndArray();
            EndDelta(json, null);
            _image.Clear();
        }

        if (opaque is not null)
        {
            var json = BeginDelta();
            json.WriteStartArray("reasoning_details"u8);
            ChatAnswerWriter.WriteDetail(json, opaque, _details++);
            json.WriteEndArray();
            EndDelta(json, null);
        }
    }

    public void Usage(in Usage usage) { }

    public void Finish(in Finish finish)
    {
        EndDelta(BeginDelta(), finish.Reason);
        if (context.Request.StreamUsage)
        {
            var json = BeginChunk();
            json.WriteStartArray("choices"u8);
            json.WriteEndArray();
            ChatUsage.Write(json, finish.Usage);
            json.WriteEndObject();
            _sse.End();
        }

        _sse.Line("[DONE]"u8);
    }

    // No [DONE] after it: a stream that failed has not ended well.
    public void Fail(Failure failure)
    {
        var json = _sse.Begin([]);
        json.WriteStartObject();
        json.WritePropertyName("error"u8);
        ChatErrors.WriteObject(json, failure);
        json.WriteEndObject();
        _sse.End();
    }

    public void Dispose()
    {
        _sse.Dispose();
        _image.Dispose();
    }

    private static ReadOnlySpan<byte> Field(BlockKind kind) =>
        kind switch
        {
            BlockKind.Reasoning => "reasoning_content"u8,
            BlockKind.Refusal => "refusal"u8,
            _ => "content"u8,
        };

    private void Arguments(ReadOnlySpan<byte> utf8)
    {
        var json = BeginCall();
        json.WriteStartObject("function"u8);
        json.WriteString("arguments"u8, utf8);
        EndCall(json);
    }

    private Utf8JsonWriter BeginChunk()
    {
        var json = _sse.Begin([]);
        json.WriteStartObject();
        json.WriteString("id"u8, _id);
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, _created);
        json.WriteString("model"u8, _model);
        return json;
    }

    private Utf8JsonWriter BeginDelta()
    {
        var json = BeginChunk();
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("delta"u8);
        return json;
    }

    private void EndDelta(Utf8JsonWriter json, FinishReason? finish)
    {
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        if (finish is { } reason)
        {
            json.WriteString("finish_reason"u8, ChatFinish.Word(reason));
        }
        else
        {
            json.WriteNull("finish_reason"u8);
        }

        json.WriteEndObject();
        json.WriteEndArray();
        if (context.Request.StreamUsage)
        {
            json.WriteNull("usage"u8);
        }

        json.WriteEndObject();
        _sse.End();
    }

    private Utf8JsonWriter BeginCall()
    {
        var json = BeginDelta();
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, _calls);
        return json;
    }

    private void EndCall(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        EndDelta(json, null);
    }
}
