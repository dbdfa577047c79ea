using System.Buffers;
using System.Text.Json;

namespace ApiSvc.Gateway.Problems;

/// <summary>Writes problem documents (RFC 9457 section 3.1, with the member <c>id</c>).</summary>
internal static class ProblemJson
{
    public const string MediaType = "application/problem+json";

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
