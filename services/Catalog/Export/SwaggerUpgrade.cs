using System.Text.Json;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Export;

/// <summary>Writes a document of OpenAPI 2.0 as one of 3.0, with the offer in place of host, schemes and security.</summary>
internal sealed class SwaggerUpgrade(
    SourceDocument source,
    GatewayOffer offer,
    Utf8JsonWriter writer
)
{
    private readonly OfferWriter _offer = new(offer, writer);
    private readonly References _references = new(source);
    private readonly SwaggerParts _parts = new(writer, source);

    public void Write()
    {
        var root = source.Root;
        writer.WriteStartObject();
        writer.WriteString("openapi", "3.0.4");
        Copy(root, "info");
        _offer.WriteServers();
        _offer.WriteSecurity();
        Copy(root, "tags");
        Copy(root, "externalDocs");
        writer.WriteStartObject("paths");
        foreach (var (path, item) in root.Find("paths")?.Properties() ?? [])
        {
            writer.WritePropertyName(path);
            WritePathItem(path, item);
        }

        writer.WriteEndObject();
        WriteComponents(root);
        _parts.CopyExtensions(root);
        writer.WriteEndObject();
    }

    private void WriteComponents(SourceNode root)
    {
        writer.WriteStartObject("components");
        if (root.Find("definitions") is { } definitions)
        {
            _parts.Schemas.WriteMap("schemas", definitions);
        }

        writer.WriteStartObject("parameters");
        foreach (var (name, parameter) in root.Find("parameters")?.Properties() ?? [])
        {
            // Bodies and forms stand in the operations that use them.
            if (PlaceOf(parameter) is not ("body" or "formData"))
            {
                writer.WritePropertyName(name);
                _parts.WriteParameter(parameter);
            }
        }

        writer.WriteEndObject();
        writer.WriteStartObject("responses");
        foreach (var (name, response) in root.Find("responses")?.Properties() ?? [])
        {
            writer.WritePropertyName(name);
            _parts.WriteResponse(response, root);
        }

        writer.WriteEndObject();
        _offer.WriteSchemes();
        writer.WriteEndObject();
    }

    private void WritePathItem(string path, SourceNode item)
    {
        if (!item.IsObject || path.StartsWith("x-", StringComparison.Ordinal))
        {
            item.WriteTo(writer);
            return;
        }

        // "#/paths/…" stays what it is.
        writer.WriteStartObject();
        Copy(item, "$ref");
        _parts.CopyExtensions(item);
        var shared = item.Find("parameters")?.Items().ToList() ?? [];
        WriteParameters(shared);
        foreach (var (method, operation) in item.Properties())
        {
            if (
                operation.IsObject
                && method is "get" or "put" or "post" or "delete" or "options" or "head" or "patch"
            )
            {
                writer.WriteStartObject(method);
                WriteOperation(operation, shared);
                _offer.WriteOperationSecurity(method, path);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndObject();
    }

    private void WriteOperation(SourceNode operation, List<SourceNode> shared)
    {
        foreach (
            var name in (string[])
                ["tags", "summary", "description", "externalDocs", "operationId", "deprecated"]
        )
        {
            Copy(operation, name);
        }

        _parts.CopyExtensions(operation);
        var own = operation.Find("parameters")?.Items().ToList() ?? [];
        WriteParameters(own);

        // A body of the path holds where the operation has none itself.
        var bodies = own.Where(IsBody).ToList();
        bodies = bodies.Count > 0 ? bodies : [.. shared.Where(IsBody)];
        if (bodies.Count > 0)
        {
            _parts.WriteBody(
                operation,
                [.. bodies.Select(body => _references.Follow(body)!.Value)]
            );
        }

        writer.WriteStartObject("responses");
        foreach (var (status, response) in operation.Find("responses")?.Properties() ?? [])
        {
            writer.WritePropertyName(status);
            WriteResponse(status, response, operation);
        }

        writer.WriteEndObject();
    }

    private void WriteResponse(string status, SourceNode response, SourceNode operation)
    {
        if (
            status.StartsWith("x-", StringComparison.Ordinal)
            || _references.Follow(response) is not { } target
        )
        {
            response.WriteTo(writer);
        }
        else if (
            target.Index != response.Index
            && operation.Find("produces") is null
            && IsShared(response, "#/responses/")
        )
        {
            WriteReference(response);
        }
        else
        {
            _parts.WriteResponse(target, operation);
        }
    }

    private void WriteParameters(List<SourceNode> parameters)
    {
        var plain = parameters.Where(parameter => !IsBody(parameter)).ToList();
        if (plain.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("parameters");
        foreach (var parameter in plain)
        {
            if (IsShared(parameter, "#/parameters/"))
            {
                WriteReference(parameter);
            }
            else
            {
                _parts.WriteParameter(_references.Follow(parameter) ?? parameter);
            }
        }

        writer.WriteEndArray();
    }

    private void WriteReference(SourceNode node)
    {
        writer.WriteStartObject();
        writer.WriteString("$ref", SwaggerSchemas.Reference(node.Find("$ref")!.Value.Text));
        writer.WriteEndObject();
    }

    private bool IsBody(SourceNode parameter) => PlaceOf(parameter) is "body" or "formData";

    private string? PlaceOf(SourceNode parameter) =>
        _references.Follow(parameter)?.Find("in")?.Text;

    private static bool IsShared(SourceNode node, string place) =>
        node.Find("$ref") is { IsText: true } reference
        && reference.Text.StartsWith(place, StringComparison.Ordinal);

    private void Copy(SourceNode owner, string name)
    {
        if (owner.Find(name) is { } value)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }
}
