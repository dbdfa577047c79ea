using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ApiSvc.AiAdapter.Hub;

/// <summary>A JSON value as the client or provider wrote it: schemas, arguments and fields nobody here interprets.</summary>
internal readonly record struct RawJson(ReadOnlyMemory<byte> Utf8)
{
    public static RawJson EmptyObject { get; } = new("{}"u8.ToArray());

    public static RawJson Of(JsonElement element) =>
        new(JsonMarshal.GetRawUtf8Value(element).ToArray());

    public static RawJson Parse(string json) => new(Encoding.UTF8.GetBytes(json));

    public bool IsEmpty => Utf8.IsEmpty;

    public void WriteTo(Utf8JsonWriter writer) => writer.WriteRawValue(Utf8.Span);

    public bool Equals(RawJson other) => Utf8.Span.SequenceEqual(other.Utf8.Span);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Utf8.Span);
        return hash.ToHashCode();
    }

    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);
}
