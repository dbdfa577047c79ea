using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>Reads a stream of <c>chat.completion.chunk</c>. A token costs no allocation.</summary>
internal sealed class ChatStreamReader : FramedStreamReader
{
    private readonly ToolCallSlots _calls;
    private readonly ToolCallFragments _fragments;
    private string? _finish;
    private string? _tier;

    public ChatStreamReader(ReadContext context, IHubEvents events)
        : base(context, events, (sink, most) => new SseParser(sink, most))
    {
        _calls = new(Answer, context.CallId, context.MaxEventBytes);
        _fragments = new(_calls, Scratch);
    }

    public override void Dispose()
    {
        _calls.Dispose();
        base.Dispose();
    }

    protected override void Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        if (data.Trim((byte)' ').SequenceEqual("[DONE]"u8))
        {
            End();
            return;
        }

        if (!Answer.Started && !ReadFirst(data))
        {
            return;
        }

        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                ReadChoices(ref reader);
            }
            else
            {
                ReadRare(ref reader);
            }
        }
    }

    protected override void EndOfBytes()
    {
        if (Context.Deployment.Provider.Quirks.NoDone && _finish is not null)
        {
            End();
        }
        else
        {
            base.EndOfBytes();
        }
    }

    // The fields of an object come in any order, and a start needs these two.
    private bool ReadFirst(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        using var document = JsonDocument.ParseValue(ref reader);
        if (ChatAnswerReader.Hidden(document.RootElement) is { } failure)
        {
            Answer.Fail(failure);
            return false;
        }

        Answer.Start(
            document.RootElement.Text("id") ?? "",
            document.RootElement.Text("model") ?? ""
        );
        return true;
    }

    private void End()
    {
        if (_finish is null)
        {
            Answer.Fail(Cut());
            return;
        }

        _calls.Flush();
        ChatAnswerReader.End(Answer, _finish);
    }

    private void ReadRare(ref Utf8JsonReader reader)
    {
        var isUsage = reader.ValueTextEquals("usage"u8);
        var isGroq = reader.ValueTextEquals("x_groq"u8);
        var isError = reader.ValueTextEquals("error"u8);
        var isTier = reader.ValueTextEquals("service_tier"u8);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject && (isUsage || isGroq || isError))
        {
            using var document = JsonDocument.ParseValue(ref reader);
            var found = document.RootElement;
            if (isError)
            {
                using var whole = JsonDocument.Parse($"{{\"error\":{found.GetRawText()}}}");
                Answer.Fail(ChatErrors.Read(whole.RootElement, (int?)found.Child("code")?.Long())!);
            }
            else if ((isUsage ? found : found.Child("usage")) is { } usage)
            {
                Answer.Count(ChatUsage.Read(usage, _tier));
            }
        }
        else if (isTier && reader.TokenType == JsonTokenType.String)
        {
            _tier = reader.GetString();
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadChoices(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            ReadChoice(ref reader);
        }
    }

    private void ReadChoice(ref Utf8JsonReader reader)
    {
        var wanted = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("delta"u8))
            {
                reader.Read();
                if (wanted && reader.TokenType == JsonTokenType.StartObject)
                {
                    ReadDelta(ref reader);
                    continue;
                }
            }
            else if (reader.ValueTextEquals("finish_reason"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && !reader.ValueSpan.IsEmpty)
                {
                    _finish = reader.GetString();
                }
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                wanted = reader.TokenType != JsonTokenType.Number || reader.GetInt32() == 0;
            }
            else
            {
                reader.Read();
            }

            reader.Skip();
        }
    }

    private void ReadDelta(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("content"u8))
            {
                ReadText(ref reader, BlockKind.Text);
            }
            else if (
                reader.ValueTextEquals("reasoning_content"u8)
                || reader.ValueTextEquals("reasoning"u8)
            )
            {
                ReadText(ref reader, BlockKind.Reasoning);
            }
            else if (reader.ValueTextEquals("refusal"u8))
            {
                ReadText(ref reader, BlockKind.Refusal);
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                reader.Read();
                if (!_fragments.Read(ref reader))
                {
                    Answer.Fail(Malformed("fragments of tool calls that fit nowhere"));
                }
            }
            else
            {
                ReadList(ref reader);
            }
        }
    }

    private void ReadText(ref Utf8JsonReader reader, BlockKind kind)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            Scratch.Clear();
            reader.AppendString(Scratch);
            Answer.Append(kind, Scratch.Span);
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            using var parts = JsonDocument.ParseValue(ref reader);
            ChatAnswerReader.Parts(parts.RootElement, Answer);
        }
        else
        {
            reader.Skip();
        }
    }

    private void ReadList(ref Utf8JsonReader reader)
    {
        var isDetails = reader.ValueTextEquals("reasoning_details"u8);
        var isImages = reader.ValueTextEquals("images"u8);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray || !(isDetails || isImages))
        {
            reader.Skip();
            return;
        }

        using var list = JsonDocument.ParseValue(ref reader);
        if (isDetails)
        {
            ChatAnswerReader.Details(list.RootElement, Context, Answer);
        }
        else
        {
            ChatAnswerReader.Parts(list.RootElement, Answer);
        }
    }
}
