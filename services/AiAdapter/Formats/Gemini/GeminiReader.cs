using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Gemini;

/// <summary>Reads GenerateContentResponse objects: a whole answer is one, a stream is many.</summary>
internal sealed class GeminiReader(AnswerSource answer, ReadContext context, PooledBuffer scratch)
{
    private string? _finish;
    private int _calls;

    /// <summary>Whether the provider said how the answer ended.</summary>
    public bool IsFinished => _finish is not null;

    public void Read(ReadOnlySpan<byte> data)
    {
        if (!answer.Started)
        {
            ReadFirst(data);
        }

        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (!answer.Ended && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCandidates = reader.ValueTextEquals("candidates"u8);
            var isUsage = reader.ValueTextEquals("usageMetadata"u8);
            var isFeedback = reader.ValueTextEquals("promptFeedback"u8);
            var isError = reader.ValueTextEquals("error"u8);
            reader.Read();
            if (isCandidates && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadCandidates(ref reader);
            }
            else if (isUsage && reader.TokenType == JsonTokenType.StartObject)
            {
                answer.Count(GeminiUsage.Read(ref reader));
            }
            else if ((isFeedback || isError) && reader.TokenType == JsonTokenType.StartObject)
            {
                using var document = JsonDocument.ParseValue(ref reader);
                ReadRare(document.RootElement, isError);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>Ends the answer as the last finish reason says.</summary>
    public void End()
    {
        if (GeminiFinish.Read(_finish ?? "", answer.CalledTool) is { } reason)
        {
            answer.Finish(reason);
        }
        else
        {
            answer.Fail(
                new(
                    FailureKind.Malformed,
                    "The model's answer could not be read by its provider.",
                    Code: _finish
                )
            );
        }
    }

    private void ReadFirst(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        if (root.Child("error") is null)
        {
            answer.Start(root.Text("responseId") ?? "", root.Text("modelVersion") ?? "");
        }
    }

    private void ReadRare(JsonElement found, bool isError)
    {
        if (isError)
        {
            answer.Fail(GeminiErrors.ReadError(found, status: null));
        }
        else if (found.Text("blockReason") is not null)
        {
            _finish = "SAFETY";
        }
    }

    private void ReadCandidates(ref Utf8JsonReader reader)
    {
        var isFirst = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            // Only one is ever asked for.
            if (isFirst)
            {
                ReadCandidate(ref reader);
            }
            else
            {
                reader.Skip();
            }

            isFirst = false;
        }
    }

    private void ReadCandidate(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isContent = reader.ValueTextEquals("content"u8);
            var isFinish = reader.ValueTextEquals("finishReason"u8);
            reader.Read();
            if (isContent && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadContent(ref reader);
            }
            else
            {
                if (
                    isFinish
                    && reader.TokenType == JsonTokenType.String
                    && !reader.ValueSpan.IsEmpty
                )
                {
                    _finish = reader.GetString();
                }

                reader.Skip();
            }
        }
    }

    private void ReadContent(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isParts = reader.ValueTextEquals("parts"u8);
            reader.Read();
            if (!isParts || reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadPart(ref reader);
            }
        }
    }

    private void ReadPart(ref Utf8JsonReader reader)
    {
        var kind = BlockKind.Text;
        string? signature = null;
        scratch.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isText = reader.ValueTextEquals("text"u8);
            var isThought = reader.ValueTextEquals("thought"u8);
            var isSignature = reader.ValueTextEquals("thoughtSignature"u8);
            var isCall = reader.ValueTextEquals("functionCall"u8);
            var isInline = reader.ValueTextEquals("inlineData"u8);
            reader.Read();
            if (isText && reader.TokenType == JsonTokenType.String)
            {
                reader.AppendString(scratch);
            }
            else if (isThought && reader.TokenType == JsonTokenType.True)
            {
                kind = BlockKind.Reasoning;
            }
            else if (isSignature && reader.TokenType == JsonTokenType.String)
            {
                // Empty, not null: a call has used it.
                signature ??= reader.GetString();
            }
            else if (isCall || isInline)
            {
                ReadObject(ref reader, isCall, ref signature);
            }
            else
            {
                reader.Skip();
            }
        }

        answer.Append(kind, scratch.Span);
        if (signature is { Length: > 0 })
        {
            Sign(signature, kind);
        }
    }

    // The signature may stand after the call it signs, and has to come before.
    private void ReadObject(ref Utf8JsonReader reader, bool isCall, ref string? signature)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var found = document.RootElement;
        if (!isCall)
        {
            answer.Block(BlockKind.Image, found.Text("data") ?? "", name: found.Text("mimeType"));
            return;
        }

        signature ??= RestSignature(reader);
        if (signature is { Length: > 0 })
        {
            answer.Hidden(new(OpaqueKind.Thought, signature, context.Origin));
        }

        signature = "";
        answer.Block(
            BlockKind.ToolUse,
            found.Child("args") is { } args ? Messages.MessagesAnswerReader.Compact(args) : "{}",
            found.Text("id") ?? $"call_{context.CallId}_{_calls}",
            found.Text("name")
        );
        _calls++;
    }

    private static string? RestSignature(Utf8JsonReader ahead)
    {
        while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
        {
            var isSignature = ahead.ValueTextEquals("thoughtSignature"u8);
            ahead.Read();
            if (isSignature && ahead.TokenType == JsonTokenType.String)
            {
                return ahead.GetString();
            }

            ahead.Skip();
        }

        return null;
    }

    private void Sign(string signature, BlockKind kind)
    {
        var opaque = new Opaque(OpaqueKind.Thought, signature, context.Origin);
        if (kind == BlockKind.Reasoning && answer.Open == BlockKind.Reasoning)
        {
            answer.Close(opaque);
        }
        else
        {
            answer.Hidden(opaque);
        }
    }
}
