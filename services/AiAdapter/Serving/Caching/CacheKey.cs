using System.Security.Cryptography;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Routing;

namespace ApiSvc.AiAdapter.Serving.Caching;

/// <summary>
/// What equal requests have in common: the calling team, the format, what was asked whatever the order of its fields, and a model
/// whose settings have not changed since.
/// </summary>
/// <param name="Router">Another one when the model's settings change.</param>
internal sealed record CacheKey(Router Router, Guid? Team, Guid? Application, string Request)
{
    public static CacheKey Of(AiCaller caller, Router router, RequestSource source)
    {
        using var stream = new MemoryStream(source.Body.Length);
        using (var writer = new Utf8JsonWriter(stream))
        using (var document = JsonDocument.Parse(source.Body))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(source.Format);
            writer.WriteStringValue(source.Version);
            Write(document.RootElement, writer);
            writer.WriteEndArray();
        }

        var hash = SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length));
        // Who belongs to no team shares with nobody but themselves.
        var application = caller.ApplicationTeam is null ? caller.Application : null;
        return new(router, caller.ApplicationTeam, application, Convert.ToBase64String(hash));
    }

    private static void Write(JsonElement value, Utf8JsonWriter writer)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (
                    var field in value
                        .EnumerateObject()
                        .OrderBy(field => field.Name, StringComparer.Ordinal)
                )
                {
                    writer.WritePropertyName(field.Name);
                    Write(field.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
