using System.Text.Json;

namespace ApiSvc.AiAdapter.Wire;

/// <summary>Changes one top-level property of a JSON object and leaves every other byte as it is.</summary>
internal static class JsonSplice
{
    /// <param name="json">A JSON object.</param>
    /// <param name="value">The property's new value, as JSON.</param>
    public static ReadOnlyMemory<byte> Set(
        ReadOnlyMemory<byte> json,
        string name,
        ReadOnlyMemory<byte> value
    )
    {
        using var result = new PooledBuffer(json.Length + value.Length + name.Length + 8);
        var copied = 0;
        var found = false;
        var isEmpty = true;
        var reader = new Utf8JsonReader(json.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (isIt)
            {
                result.Append(json.Span[copied..start]);
                result.Append(value.Span);
                copied = (int)reader.BytesConsumed;
                found = true;
            }
        }

        var end = (int)reader.TokenStartIndex;
        result.Append(json.Span[copied..end]);
        if (!found)
        {
            result.Append(isEmpty ? "\""u8 : ",\""u8);
            result.Append(JsonEncodedText.Encode(name).EncodedUtf8Bytes);
            result.Append("\":"u8);
            result.Append(value.Span);
        }

        result.Append(json.Span[end..]);
        return result.Span.ToArray();
    }
}
