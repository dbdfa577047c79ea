using System.Text.Json;
using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Export;

/// <summary>
/// Copies an OpenAPI 3 document, with the offer in place of the author's servers and security. Callbacks and webhooks
/// stay as they are: there others serve.
/// </summary>
internal sealed class ServedWriter(GatewayOffer offer, Utf8JsonWriter writer)
{
    private readonly OfferWriter _offer = new(offer, writer);

    public void Write(SourceNode root)
    {
        writer.WriteStartObject();
        foreach (var (name, value) in root.Properties())
        {
            switch (name)
            {
                case "servers" or "security" or "components":
                    break;
                case "info":
                    Copy(name, value);
                    _offer.WriteServers();
                    _offer.WriteSecurity();
                    break;
                case "paths" when value.IsObject:
                    WritePathItems(name, value);
                    break;
                default:
                    Copy(name, value);
                    break;
            }
        }

        WriteComponents(root.Find("components"));
        writer.WriteEndObject();
    }

    private void WriteComponents(SourceNode? components)
    {
        writer.WriteStartObject("components");
        foreach (var (name, value) in components?.Properties() ?? [])
        {
            switch (name)
            {
                case "securitySchemes":
                    break;
                case "pathItems" when value.IsObject:
                    WritePathItems(name, value);
                    break;
                default:
                    Copy(name, value);
                    break;
            }
        }

        _offer.WriteSchemes();
        writer.WriteEndObject();
    }

    private void WritePathItems(string name, SourceNode items)
    {
        writer.WriteStartObject(name);
        foreach (var (path, item) in items.Properties())
        {
            if (!item.IsObject || path.StartsWith("x-", StringComparison.Ordinal))
            {
                Copy(path, item);
                continue;
            }

            writer.WriteStartObject(path);
            foreach (var (field, value) in item.Properties())
            {
                WritePathField(path, field, value);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WritePathField(string path, string field, SourceNode value)
    {
        switch (field)
        {
            case "servers":
                break;
            case "get"
            or "put"
            or "post"
            or "delete"
            or "options"
            or "head"
            or "patch"
            or "trace" when value.IsObject:
                writer.WriteStartObject(field);
                foreach (var (name, part) in value.Properties())
                {
                    if (name is not ("servers" or "security"))
                    {
                        Copy(name, part);
                    }
                }

                _offer.WriteOperationSecurity(field, path);
                writer.WriteEndObject();
                break;
            default:
                Copy(field, value);
                break;
        }
    }

    private void Copy(string name, SourceNode value)
    {
        writer.WritePropertyName(name);
        value.WriteTo(writer);
    }
}
