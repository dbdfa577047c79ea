using System.Text.Json;
using System.Text.Json.Serialization;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.ServiceDefaults.Identifiers;

/// <summary>Ids in JSON: strings in their public form.</summary>
internal sealed class IdJsonConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => IdText.IsId(typeToConvert);

    public override JsonConverter CreateConverter(
        Type typeToConvert,
        JsonSerializerOptions options
    ) =>
        (JsonConverter)
            Activator.CreateInstance(
                typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments())
            )!;

    private sealed class Converter<TKind> : JsonConverter<Id<TKind>>
        where TKind : IIdKind
    {
        public override Id<TKind> Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        )
        {
            var text = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName
                ? reader.GetString()
                : null;
            return IdText.Read(TKind.Prefix, text, out var value) is { } wrong
                ? throw new JsonViolationException("invalid_id", wrong)
                : new(value);
        }

        public override void Write(
            Utf8JsonWriter writer,
            Id<TKind> value,
            JsonSerializerOptions options
        ) => writer.WriteStringValue(value.ToString());

        public override Id<TKind> ReadAsPropertyName(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) => Read(ref reader, typeToConvert, options);

        public override void WriteAsPropertyName(
            Utf8JsonWriter writer,
            Id<TKind> value,
            JsonSerializerOptions options
        ) => writer.WritePropertyName(value.ToString());
    }
}
