using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Documents.Plain;

namespace ApiSvc.AppHost.Tests.Documents.Samples;

/// <summary>Writes bodies in the form that a document asks for.</summary>
internal static class SampleBodies
{
    private const string Boundary = "part-7f3a";

    /// <summary>In the first of its forms that can be made.</summary>
    /// <returns>False where none is known to be allowed.</returns>
    public static bool TryMake(
        PlainDocument document,
        PlainBody body,
        out string mediaType,
        out byte[] bytes
    )
    {
        foreach (var (type, schema) in body.Forms.OrderBy(f => IsJson(f.MediaType) ? 0 : 1))
        {
            mediaType = type == "*/*" ? "application/json" : type;
            if (TryWrite(document, ref mediaType, schema, out bytes))
            {
                return true;
            }
        }

        (mediaType, bytes) = ("", []);
        return false;
    }

    public static bool IsJson(string mediaType) =>
        mediaType.Split(';')[0] is "application/json"
        || mediaType.Split(';')[0].EndsWith("+json", StringComparison.Ordinal);

    private static bool TryWrite(
        PlainDocument document,
        ref string mediaType,
        JsonElement schema,
        out byte[] bytes
    )
    {
        bytes = [];
        if (
            !mediaType.Contains('/', StringComparison.Ordinal)
            || mediaType.Contains("YYYY", StringComparison.Ordinal)
        )
        {
            // Documents have media types that are none.
            return false;
        }

        if (mediaType.StartsWith("text/", StringComparison.Ordinal))
        {
            bytes = "größe\r\n\t7"u8.ToArray();
            return true;
        }

        if (mediaType.Contains("octet-stream", StringComparison.Ordinal))
        {
            bytes = AllBytes;
            return true;
        }

        if (!new SampleValues(document, "body").TryMake(schema, out var value))
        {
            return false;
        }

        switch (mediaType)
        {
            case "application/x-www-form-urlencoded" when value is JsonObject fields:
                bytes = Encoding.ASCII.GetBytes(
                    string.Join('&', fields.SelectMany(f => ParameterStyles.InForm(f.Key, f.Value)))
                );
                return true;
            case "multipart/form-data" when value is JsonObject fields:
                bytes = Multipart(document, SampleSchemas.Flatten(document, schema)!.Value, fields);
                mediaType += $"; boundary={Boundary}";
                return true;
            case var json when IsJson(json):
                bytes = Encoding.UTF8.GetBytes(value?.ToJsonString(Indented) ?? "null");
                return true;
            default:
                return false;
        }
    }

    // Every byte there is, and more of them than fit into one packet.
    private static byte[] AllBytes { get; } = [.. Enumerable.Range(0, 70_000).Select(i => (byte)i)];

    // White space that is of no meaning, and has to arrive all the same.
    private static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true };

    private static byte[] Multipart(PlainDocument document, JsonElement schema, JsonObject fields)
    {
        var properties = schema
            .PropertiesOf("properties")
            .DistinctBy(p => p.Name)
            .ToDictionary(p => p.Name);
        var bytes = new MemoryStream();
        foreach (var (name, value) in fields)
        {
            var isFile =
                properties.TryGetValue(name, out var property)
                && document.Follow(property.Value).TextOf("format") == "binary";
            bytes.Write(
                Encoding.UTF8.GetBytes(
                    $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{name}\""
                        + (
                            isFile
                                ? "; filename=\"all.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                                : "\r\n\r\n"
                        )
                )
            );
            bytes.Write(isFile ? AllBytes : Encoding.UTF8.GetBytes(ParameterStyles.Text(value)));
            bytes.Write("\r\n"u8);
        }

        bytes.Write(Encoding.ASCII.GetBytes($"--{Boundary}--\r\n"));
        return bytes.ToArray();
    }
}
