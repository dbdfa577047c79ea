using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>
/// Times in JSON (RFC 3339 section 5.6): read with any offset but never without one, which would mean the server's
/// own; kept and written in UTC.
/// </summary>
internal sealed class UtcConverter : JsonConverter<DateTimeOffset>
{
    private const string Written = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    public override DateTimeOffset Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    )
    {
        if (
            reader.TokenType == JsonTokenType.String
            && reader.TryGetDateTimeOffset(out var time)
            && HasOffset(reader.GetString()!)
        )
        {
            return time.ToUniversalTime();
        }

        throw new JsonViolationException(
            "wrong_type",
            "Must be a date and time with an offset (RFC 3339), such as 2026-01-31T08:00:00Z."
        );
    }

    public override void Write(
        Utf8JsonWriter writer,
        DateTimeOffset value,
        JsonSerializerOptions options
    ) => writer.WriteStringValue(value.UtcDateTime.ToString(Written, CultureInfo.InvariantCulture));

    private static bool HasOffset(string text)
    {
        var time = text.IndexOf('T', StringComparison.Ordinal);
        return time > 0 && text.AsSpan(time).IndexOfAny('Z', '+', '-') > 0;
    }
}
