using System.Buffers;
using System.Text.Json;

namespace ApiSvc.Gateway.Problems;

/// <summary>Writes problem documents (RFC 9457 section 3.1, with the member <c>id</c>).</summary>
internal static class ProblemJson
{
    public const string MediaType = "application/problem+json";

    private const int IdLength = 36;

    public static ReadOnlySpan<byte> MediaTypeUtf8 => "application/problem+json"u8;

    /// <summary>How long a document with a call's id is.</summary>
    public static int LengthOf(Problem problem) => problem.BeforeId.Length + IdLength + End.Length;

    /// <summary>Writes it without taking anything apart: all but the id is the same for each call.</summary>
    public static void Write(Problem problem, Guid id, IBufferWriter<byte> output)
    {
        output.Write(problem.BeforeId.Span);
        id.TryFormat(output.GetSpan(IdLength), out var length);
        output.Advance(length);
        output.Write(End);
    }

    private static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>The document up to where the id comes.</summary>
    public static byte[] BeforeId(Problem problem)
    {
        var output = new ArrayBufferWriter<byte>(512);
        Write(problem, "", output);
        return output.WrittenSpan[..^End.Length].ToArray();
    }

    public static void Write(Problem problem, string id, IBufferWriter<byte> output)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        json.WriteString("type"u8, problem.Type);
        json.WriteString("title"u8, problem.Title);
        json.WriteNumber("status"u8, problem.Status);
        json.WriteString("detail"u8, problem.Detail);
        json.WriteString("id"u8, id);
        json.WriteEndObject();
    }
}
