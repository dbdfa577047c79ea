using System.Text;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Ollama;

/// <summary>Reads lines of a chat. A token costs no allocation.</summary>
internal sealed class OllamaStreamReader(ReadContext context, IHubEvents events)
    : FramedStreamReader(context, events, (sink, most) => new NdjsonParser(sink, most))
{
    private readonly PooledBuffer _thoughts = new(64);
    private int _calls;

    public override void Dispose()
    {
        _thoughts.Dispose();
        base.Dispose();
    }

    protected override void Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (!Answer.Started && !ReadFirst(data))
        {
            return;
        }

        var isDone = false;
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isMessage = reader.ValueTextEquals("message"u8);
            var isEnd = reader.ValueTextEquals("done"u8);
            var isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isMessage && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadMessage(ref reader);
            }
            else if (isError && reader.TokenType == JsonTokenType.String)
            {
                Answer.Fail(new(FailureKind.ServerError, reader.GetString() ?? ""));
                return;
            }
            else
            {
                isDone |= isEnd && reader.TokenType == JsonTokenType.True;
                reader.Skip();
            }
        }

        if (isDone)
        {
            End(data);
        }
    }

    private bool ReadFirst(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        using var document = JsonDocument.ParseValue(ref reader);
        if (OllamaFamily.ReadError(document.RootElement, status: null) is { } failure)
        {
            Answer.Fail(failure);
            return false;
        }

        Answer.Start("", document.RootElement.Text("model") ?? "");
        return true;
    }

    private void ReadMessage(ref Utf8JsonReader reader)
    {
        Scratch.Clear();
        _thoughts.Clear();
        JsonDocument? calls = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = reader.ValueTextEquals("content"u8);
            var isThinking = reader.ValueTextEquals("thinking"u8);
            var isCalls = reader.ValueTextEquals("tool_calls"u8);
            reader.Read();
            if ((isContent || isThinking) && reader.TokenType == JsonTokenType.String)
            {
                reader.AppendString(isContent ? Scratch : _thoughts);
            }
            else if (isCalls && reader.TokenType == JsonTokenType.StartArray)
            {
                calls?.Dispose();
                calls = JsonDocument.ParseValue(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        // Thoughts come first, whatever their place in the object.
        Answer.Append(BlockKind.Reasoning, _thoughts.Span);
        Answer.Append(BlockKind.Text, Scratch.Span);
        if (calls is not null)
        {
            ReadCalls(calls.RootElement);
            calls.Dispose();
        }
    }

    private void ReadCalls(JsonElement calls)
    {
        foreach (var call in calls.EnumerateArray())
        {
            var function = call.Child("function") ?? default;
            Answer.Block(
                BlockKind.ToolUse,
                function.Child("arguments") is { ValueKind: JsonValueKind.Object } arguments
                    ? Messages.MessagesAnswerReader.Compact(arguments)
                    : function.Text("arguments") ?? "{}",
                call.Text("id") ?? $"call_{Context.CallId}_{_calls}",
                function.Text("name")
            );
            _calls++;
        }
    }

    private void End(ReadOnlySpan<byte> data)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetString(data));
        var root = document.RootElement;
        Answer.Count(
            new Usage
            {
                // Left out when the whole prompt was in its cache.
                Input = root.Long("prompt_eval_count"),
                Output = root.Long("eval_count"),
            }
        );
        Answer.Finish(
            root.Text("done_reason") == "length" ? FinishReason.Length
            : Answer.CalledTool ? FinishReason.ToolUse
            : FinishReason.End
        );
    }
}
