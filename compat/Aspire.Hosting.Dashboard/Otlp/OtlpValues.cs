using System.Globalization;
using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Wire;
using Google.Protobuf;
using Google.Protobuf.Collections;

namespace Aspire.Hosting.Dashboard.Otlp;

/// <summary>Values of the wire as the dashboard keeps them: short texts, few of them.</summary>
internal static class OtlpValues
{
    private const int MaxAttributes = 128;
    private const int MaxText = 4096;

    public static TelemetrySource Source(Resource? resource)
    {
        string? Find(string key) =>
            resource?.Attributes.FirstOrDefault(a => a.Key == key)?.Value?.StringValue;
        return new TelemetrySource(
            Short(Find("service.name") is { Length: > 0 } name ? name : "unknown_service"),
            Short(Find("service.instance.id") ?? "")
        );
    }

    public static IReadOnlyList<TelemetryAttribute> Attributes(
        RepeatedField<KeyValue> attributes
    ) =>
        [
            .. attributes
                .Take(MaxAttributes)
                .Select(a => new TelemetryAttribute(Short(a.Key), Text(a.Value))),
        ];

    public static string Text(AnyValue? value) =>
        value is null
            ? ""
            : Short(
                value.ValueCase switch
                {
                    AnyValue.ValueOneofCase.StringValue => value.StringValue,
                    AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
                    AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(
                        CultureInfo.InvariantCulture
                    ),
                    AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString(
                        CultureInfo.InvariantCulture
                    ),
                    AnyValue.ValueOneofCase.BytesValue => Convert.ToBase64String(
                        value.BytesValue.Span
                    ),
                    AnyValue.ValueOneofCase.ArrayValue =>
                        $"[{string.Join(", ", value.ArrayValue.Values.Take(MaxAttributes).Select(Text))}]",
                    AnyValue.ValueOneofCase.KvlistValue =>
                        $"{{{string.Join(", ", value.KvlistValue.Values.Take(MaxAttributes).Select(v => $"{v.Key}: {Text(v.Value)}"))}}}",
                    _ => "",
                }
            );

    public static string Short(string text) =>
        text.Length <= MaxText ? text : text[..MaxText] + "…";

    /// <summary>An id in hexadecimal; <c>null</c> when it is none.</summary>
    public static string? Id(ByteString id, int length) =>
        id.Length == length && id.Span.ContainsAnyExcept((byte)0)
            ? Convert.ToHexStringLower(id.Span)
            : null;

    /// <summary>Nanoseconds since 1970 as time; what no calendar holds is cut.</summary>
    public static DateTimeOffset Time(ulong unixNanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(unixNanoseconds / 100));
}
