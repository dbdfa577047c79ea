using System.Buffers;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>Writes a stream of Messages.</summary>
internal sealed class MessagesStreamWriter(
    AnswerContext context,
    IBufferWriter<byte> output,
    MessagesVersion version
) : IHubEvents, IDisposable
{
    private readonly SseWriter _sse = new(output);
    private BlockKind _kind;
    private Usage _usage;
    private int _index = -1;
    private bool _started;
    private bool _open;
    private bool _failed;

    // The first event holds counts, which may come a little later.
    public void Start(in AnswerStart start) { }

    public void BlockStart(in BlockStart block)
    {
        _kind = block.Kind;
        if (block.Kind == BlockKind.Image)
        {
            Fail(MessagesAnswerWriter.Images());
        }
        else if (block.Kind == BlockKind.ToolUse)
        {
            var json = Open();
            MessagesAnswerWriter.BeginToolUse(json, block.Id, block.Name, version);
            json.WriteStartObject("input"u8);
            json.WriteEndObject();
            EndOpen(json);
            Delta("input_json_delta"u8, "partial_json"u8, ""u8);
        }
    }

    public void Delta(ReadOnlySpan<byte> utf8)
    {
        if (_failed)
        {
            return;
        }

        switch (_kind)
        {
            case BlockKind.ToolUse:
                Delta("input_json_delta"u8, "partial_json"u8, utf8);
                break;
            case BlockKind.Reasoning:
                OpenThinking();
                Delta("thinking_delta"u8, "thinking"u8, utf8);
                break;
            default:
                OpenText();
                Delta("text_delta"u8, "text"u8, utf8);
                break;
        }
    }

    public void BlockStop(Opaque? opaque)
    {
        if (_failed)
        {
            return;
        }

        if (!_open && opaque is { Kind: OpaqueKind.Redacted })
        {
            var json = Open();
            json.WriteString("type"u8, "redacted_thinking"u8);
            json.WriteString("data"u8, opaque.ToToken());
            EndOpen(json);
        }
        else if (opaque is not null)
        {
            OpenThinking();
            var json = BeginDelta("signature_delta"u8);
            json.WriteString("signature"u8, opaque.ToToken());
            EndDelta(json);
        }

        // A block that had nothing was never opened.
        if (_open)
        {
            _open = false;
            var json = Begin("content_block_stop"u8);
            json.WriteNumber("index"u8, _index);
            End(json);
        }
    }

    public void Usage(in Usage usage) => _usage = usage;

    public void Finish(in Finish finish)
    {
        if (_failed)
        {
            return;
        }

        StartMessage();
        var json = Begin("message_delta"u8);
        json.WriteStartObject("delta"u8);
        json.WriteString("stop_reason"u8, MessagesFinish.Word(finish.Reason));
        json.WriteString("stop_sequence"u8, finish.StopSequence);
        if (version == MessagesVersion.Second)
        {
            json.WriteNull("container"u8);
            json.WriteNull("stop_details"u8);
        }

        json.WriteEndObject();
        MessagesUsage.Write(json, finish.Usage, version == MessagesVersion.Second);
        End(json);
        End(Begin("message_stop"u8));
    }

    public void Fail(Failure failure)
    {
        if (_failed)
        {
            return;
        }

        _failed = true;
        var json = _sse.Begin("error"u8);
        var (_, type) = MessagesErrors.Words(failure.Kind);
        MessagesErrors.Write(json, type, failure.Message, context.CallId);
        _sse.End();
    }

    public void Dispose() => _sse.Dispose();

    private void StartMessage()
    {
        if (_started)
        {
            return;
        }

        _started = true;
        var json = Begin("message_start"u8);
        json.WriteStartObject("message"u8);
        MessagesAnswerWriter.Head(json, context);
        json.WriteStartArray("content"u8);
        json.WriteEndArray();
        json.WriteNull("stop_reason"u8);
        json.WriteNull("stop_sequence"u8);
        MessagesAnswerWriter.Nulls(json, version);
        MessagesUsage.Write(json, _usage, version == MessagesVersion.Second);
        json.WriteEndObject();
        End(json);
    }

    private void OpenThinking()
    {
        if (!_open)
        {
            var json = Open();
            json.WriteString("type"u8, "thinking"u8);
            json.WriteString("thinking"u8, ""u8);
            json.WriteString("signature"u8, ""u8);
            EndOpen(json);
        }
    }

    private void OpenText()
    {
        if (!_open)
        {
            var json = Open();
            json.WriteString("type"u8, "text"u8);
            json.WriteString("text"u8, ""u8);
            MessagesAnswerWriter.Citations(json, version);
            EndOpen(json);
        }
    }

    private Utf8JsonWriter Open()
    {
        StartMessage();
        _open = true;
        _index++;
        var json = Begin("content_block_start"u8);
        json.WriteNumber("index"u8, _index);
        json.WriteStartObject("content_block"u8);
        return json;
    }

    private void EndOpen(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        End(json);
    }

    private void Delta(ReadOnlySpan<byte> type, ReadOnlySpan<byte> field, ReadOnlySpan<byte> utf8)
    {
        var json = BeginDelta(type);
        json.WriteString(field, utf8);
        EndDelta(json);
    }

    private Utf8JsonWriter BeginDelta(ReadOnlySpan<byte> type)
    {
        var json = Begin("content_block_delta"u8);
        json.WriteNumber("index"u8, _index);
        json.WriteStartObject("delta"u8);
        json.WriteString("type"u8, type);
        return json;
    }

    private void EndDelta(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        End(json);
    }

    private Utf8JsonWriter Begin(ReadOnlySpan<byte> type)
    {
        var json = _sse.Begin(type);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        return json;
    }

    private void End(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        _sse.End();
    }
}
