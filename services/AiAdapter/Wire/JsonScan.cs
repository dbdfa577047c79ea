using System.Text.Json;

namespace ApiSvc.AiAdapter.Wire;

/// <summary>Finds one property of an object without reading the others.</summary>
internal static class JsonScan
{
    /// <summary>A top-level string that needs no unescaping; empty if there is none.</summary>
    public static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(name);
            reader.Read();
            if (isIt && reader.TokenType == JsonTokenType.String)
            {
                return json.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            }

            reader.Skip();
        }

        return [];
    }
}
