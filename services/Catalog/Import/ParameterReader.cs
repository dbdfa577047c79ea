using System.Buffers;
using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Import;

/// <summary>Reads parameters; those of 2.0 that are bodies are handed on to the <see cref="BodyReader"/>.</summary>
internal sealed class ParameterReader(ReadingContext context)
{
    // What of a 2.0 parameter is not of its schema.
    private static readonly FrozenSet<string> NoSchema = FrozenSet.Create(
        StringComparer.Ordinal,
        "$ref",
        "name",
        "in",
        "description",
        "required",
        "schema",
        "allowEmptyValue",
        "collectionFormat"
    );

    /// <summary>The parameters of an operation and its path, where those of the operation have precedence.</summary>
    /// <returns>Each as it is defined, references followed.</returns>
    public IReadOnlyList<(SourceNode Node, string Name, string Place)> Collect(
        SourceNode path,
        SourceNode operation
    )
    {
        var parameters = new List<(SourceNode, string Name, string Place)>();
        foreach (var owner in (SourceNode[])[path, operation])
        {
            var own = new HashSet<(string, string)>();
            foreach (var item in context.ListAt(owner, "parameters")?.Items() ?? [])
            {
                if (context.Resolve(item, "parameter") is not { } node)
                {
                    continue;
                }

                context.Require(node, "name", "parameter");
                context.Require(node, "in", "parameter");
                var (name, place) = (context.TextAt(node, "name"), context.TextAt(node, "in"));
                if (!own.Add((name, place)))
                {
                    context.Findings.Warning(
                        "duplicate_parameter",
                        item,
                        $"The parameter '{name}' in {place} is here more than once; the last one holds."
                    );
                }

                parameters.RemoveAll(known => known.Name == name && known.Place == place);
                parameters.Add((node, name, place));
            }
        }

        return parameters;
    }

    public ImportedParameter? Read(SourceNode node, string name, string place)
    {
        if (PlaceOf(place) is not { } known)
        {
            if (place.Length > 0)
            {
                context.Findings.Error(
                    "unknown_place",
                    node,
                    $"A parameter cannot be in '{place}'."
                );
            }

            return null;
        }

        context.CheckFields(
            node,
            context.IsSwagger ? Fields.SwaggerParameter : Fields.Parameter,
            "parameter"
        );
        NoteIgnored(node, name, known);
        var style = context.IsSwagger ? SwaggerStyle(node, known) : Style(node, known);
        var (schema, mediaType) = context.IsSwagger ? (SwaggerSchema(node), "") : Schema(node);
        return new(
            name,
            known,
            RequiredOf(node, known),
            context.FlagAt(node, "deprecated"),
            context.TextAt(node, "description"),
            schema,
            mediaType,
            style,
            context.IsSwagger
                ? context.TextAt(node, "collectionFormat") == "multi"
                : context.FlagAt(node, "explode", style == "form")
        );
    }

    /// <summary>The schema that a 2.0 parameter has in itself.</summary>
    public static JsonElement SwaggerSchema(SourceNode node)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (
            var writer = new Utf8JsonWriter(
                buffer,
                new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            writer.WriteStartObject();
            foreach (var (name, value) in node.Properties())
            {
                if (!NoSchema.Contains(name) && !name.StartsWith("x-", StringComparison.Ordinal))
                {
                    writer.WritePropertyName(name);
                    writer.WriteRawValue(
                        value.Document.Json(value.Index),
                        skipInputValidation: true
                    );
                }
            }

            writer.WriteEndObject();
        }

        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private bool RequiredOf(SourceNode node, ParameterPlace place)
    {
        var required = context.FlagAt(node, "required");
        if (place == ParameterPlace.Path && !required)
        {
            context.Findings.Warning(
                "required",
                node,
                "A path parameter must have 'required' true; it is taken so."
            );
            return true;
        }

        return required;
    }

    private (JsonElement? Schema, string MediaType) Schema(SourceNode node)
    {
        if (node.Find("schema") is { } schema)
        {
            return (schema.ToElement(), "");
        }

        if (context.ObjectAt(node, "content") is not { } content)
        {
            context.Findings.Warning(
                "required",
                node,
                "A parameter must have 'schema' or 'content'; any text is taken."
            );
            return (null, "");
        }

        var first = content
            .Properties()
            .Select(entry => ((string Name, SourceNode Value)?)entry)
            .FirstOrDefault();
        return (first?.Value.Find("schema")?.ToElement(), first?.Name ?? "");
    }

    private string Style(SourceNode node, ParameterPlace place) =>
        context.TextAt(node, "style") is { Length: > 0 } style ? style
        : place is ParameterPlace.Query or ParameterPlace.Cookie ? "form"
        : "simple";

    // OpenAPI 2.0, "Parameter Object", collectionFormat: csv where nothing is said.
    private string SwaggerStyle(SourceNode node, ParameterPlace place) =>
        context.TextAt(node, "collectionFormat") switch
        {
            "ssv" => "spaceDelimited",
            "pipes" => "pipeDelimited",
            "tsv" => "tabDelimited",
            _ => place == ParameterPlace.Query ? "form" : "simple",
        };

    private void NoteIgnored(SourceNode node, string name, ParameterPlace place)
    {
        // OpenAPI 3.1 section 4.8.12.2 ("name").
        if (
            place == ParameterPlace.Header
            && name.ToUpperInvariant() is "ACCEPT" or "CONTENT-TYPE" or "AUTHORIZATION"
            && !context.IsSwagger
        )
        {
            context.Findings.Info(
                "ignored_parameter",
                node,
                $"The header '{name}' is described by media types and security, not as a parameter."
            );
        }
    }

    private static ParameterPlace? PlaceOf(string place) =>
        place switch
        {
            "path" => ParameterPlace.Path,
            "query" => ParameterPlace.Query,
            "header" => ParameterPlace.Header,
            "cookie" => ParameterPlace.Cookie,
            _ => null,
        };
}
