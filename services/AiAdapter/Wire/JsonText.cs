using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ApiSvc.AiAdapter.Wire;

/// <summary>How JSON of providers is read and how ours is written.</summary>
internal static class JsonText
{
    /// <summary>Text stays UTF-8: nothing of it is written into HTML.</summary>
    public static JsonWriterOptions Writing { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A text as a JSON value.</summary>
    public static byte[] Quote(string text) =>
        [(byte)'"', .. JsonEncodedText.Encode(text, Writing.Encoder).EncodedUtf8Bytes, (byte)'"'];

    /// <summary>
    /// Appends the reader's string, unescaped. Half of a surrogate pair, which a provider may leave where it
    /// cut a text, becomes U+FFFD instead of an exception.
    /// </summary>
    public static void AppendString(this ref Utf8JsonReader reader, PooledBuffer to)
    {
        if (!reader.ValueIsEscaped)
        {
            to.Append(reader.ValueSpan);
            return;
        }

        var room = to.GetSpan(reader.ValueSpan.Length);
        try
        {
            to.Advance(reader.CopyString(room));
        }
        catch (InvalidOperationException)
        {
            AppendLoose(reader.ValueSpan, to);
        }
    }

    /// <summary>Reads a number that may be written as 12, 12.0 or "12"; else null.</summary>
    public static long? Long(this JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Number when element.TryGetInt64(out var whole) => whole,
            JsonValueKind.Number when element.TryGetDouble(out var real) && Math.Abs(real) < 1e15 =>
                (long)real,
            JsonValueKind.String
                when long.TryParse(
                    element.GetString(),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var text
                ) => text,
            _ => null,
        };

    public static long Long(this JsonElement element, string name) =>
        element.Child(name)?.Long() ?? 0;

    /// <summary>A property that is there and not null.</summary>
    public static JsonElement? Child(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty(name, out var value)
        && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined)
            ? value
            : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.String } value ? value.Loose() : null;

    public static bool Flag(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.True };

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Array } value
            ? value.EnumerateArray()
            : Enumerable.Empty<JsonElement>();

    /// <summary>A string's text, with U+FFFD for half a surrogate pair.</summary>
    public static string Loose(this JsonElement element)
    {
        try
        {
            return element.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            using var text = new PooledBuffer();
            var raw = System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(element);
            AppendLoose(raw[1..^1], text);
            return Encoding.UTF8.GetString(text.Span);
        }
    }

    private static void AppendLoose(ReadOnlySpan<byte> escaped, PooledBuffer to)
    {
        var text = new StringBuilder();
        var source = Encoding.UTF8.GetString(escaped);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != '\\' || i + 1 >= source.Length)
            {
                text.Append(source[i]);
                continue;
            }

            var kind = source[++i];
            if (kind == 'u')
            {
                text.Append(
                    (char)
                        ushort.Parse(
                            source.AsSpan(i + 1, 4),
                            NumberStyles.AllowHexSpecifier,
                            CultureInfo.InvariantCulture
                        )
                );
                i += 4;
                continue;
            }

            text.Append(
                kind switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'b' => '\b',
                    'f' => '\f',
                    _ => kind,
                }
            );
        }

        to.Append(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
