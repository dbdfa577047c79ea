using System.Text.Json;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>Reads a delta's <c>tool_calls</c> into their slots.</summary>
internal sealed class ToolCallFragments(ToolCallSlots slots, PooledBuffer scratch)
{
    /// <returns>False if a fragment fits nowhere.</returns>
    public bool Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return true;
        }

        var fit = true;
        var position = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            fit &= ReadCall(ref reader, position++);
        }

        return fit;
    }

    private bool ReadCall(ref Utf8JsonReader reader, long index)
    {
        string? id = null;
        string? name = null;
        scratch.Clear();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            if (reader.ValueTextEquals("function"u8))
            {
                // Its properties are read as if they were the call's own: no name is used twice.
                reader.Read();
                ReadFunction(ref reader, ref name);
                continue;
            }

            var isIndex = reader.ValueTextEquals("index"u8);
            var isId = reader.ValueTextEquals("id"u8);
            reader.Read();
            if (isIndex && reader.TokenType == JsonTokenType.Number)
            {
                index = reader.GetInt64();
            }
            else if (isId && reader.TokenType == JsonTokenType.String)
            {
                id = reader.GetString();
            }

            reader.Skip();
        }

        return slots.Add(index, id, name, scratch.Span);
    }

    private void ReadFunction(ref Utf8JsonReader reader, ref string? name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isName = reader.ValueTextEquals("name"u8);
            var isArguments = reader.ValueTextEquals("arguments"u8);
            reader.Read();
            if (isName && reader.TokenType == JsonTokenType.String)
            {
                name = reader.GetString();
            }
            else if (isArguments && reader.TokenType == JsonTokenType.String)
            {
                reader.AppendString(scratch);
            }
            else if (isArguments && reader.TokenType == JsonTokenType.StartObject)
            {
                using var whole = JsonDocument.ParseValue(ref reader);
                scratch.Append(System.Text.Encoding.UTF8.GetBytes(whole.RootElement.GetRawText()));
            }
            else
            {
                reader.Skip();
            }
        }
    }
}
