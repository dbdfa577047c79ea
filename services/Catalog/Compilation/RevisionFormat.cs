using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ApiSvc.Catalog.Compilation;

/// <summary>
/// The stored form of a revision: JSON, so that two revisions can be compared by people, with the number of its format,
/// so that a later build can still read what this one wrote.
/// </summary>
internal static class RevisionFormat
{
    private const int Current = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    private sealed record Stored(int Format, RevisionContent? Content);

    private sealed record Head(int Format);

    // The format is looked at alone first: of a later one nothing else can be relied on.
    private static readonly JsonSerializerOptions HeadJson = new(JsonSerializerDefaults.Web);

    public static byte[] Write(RevisionContent content) =>
        JsonSerializer.SerializeToUtf8Bytes(new Stored(Current, content), Json);

    public static RevisionContent Read(ReadOnlySpan<byte> stored)
    {
        try
        {
            var format = JsonSerializer.Deserialize<Head>(stored, HeadJson)?.Format;
            return format == Current
                ? JsonSerializer.Deserialize<Stored>(stored, Json)!.Content
                    ?? throw new InvalidDataException("The stored revision is empty.")
                : throw new InvalidDataException(
                    $"The stored revision has format {format}; this build reads {Current}."
                );
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("The stored revision cannot be read.", e);
        }
    }
}
