using System.Text.Json;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Documents.Plain;

/// <summary>The parameters of operations, of both generations of the specification.</summary>
internal sealed class PlainParameters(JsonElement root)
{
    // OpenAPI 3.1 section 4.8.12.2: they are described elsewhere.
    private static readonly string[] NoParameters = ["accept", "content-type", "authorization"];

    private readonly bool _isSwagger = root.IsSwagger();

    /// <summary>References followed; those of the operation go before those of its path.</summary>
    public List<JsonElement> Collect(JsonElement item, JsonElement operation) =>
        [
            .. operation
                .ItemsOf("parameters")
                .Concat(item.ItemsOf("parameters"))
                .Select(p => PlainReferences.Follow(root, p))
                .DistinctBy(p => (p.TextOf("name"), p.TextOf("in"))),
        ];

    public List<PlainParameter> Read(IEnumerable<JsonElement> declared) =>
        [
            .. declared
                .Where(p => p.TextOf("in") is not ("body" or "formData"))
                .Where(p =>
                    p.TextOf("in") != "header"
                    || !NoParameters.Contains(p.TextOf("name"), StringComparer.OrdinalIgnoreCase)
                )
                .Select(Read),
        ];

    /// <summary>What a request of 2.0 carries: the parameter in <c>body</c>, or those in <c>formData</c>.</summary>
    public PlainBody? Body(JsonElement operation, IReadOnlyList<JsonElement> declared)
    {
        var consumes = operation.ItemsOf("consumes");
        var types = (consumes.Count > 0 ? consumes : root.ItemsOf("consumes"))
            .Select(type => type.GetString()!)
            .ToList();
        var whole = declared.Where(p => p.TextOf("in") == "body").ToList();
        if (whole is [var body, ..])
        {
            return new(
                body.IsTrue("required"),
                [
                    .. types
                        .DefaultIfEmpty("application/json")
                        .Select(type => (type, body.SchemaOrAny())),
                ]
            );
        }

        var fields = declared.Where(p => p.TextOf("in") == "formData").ToList();
        return fields.Count == 0
            ? null
            : new(fields.Exists(f => f.IsTrue("required")), [(FormType(types), Form(fields))]);
    }

    private static string FormType(List<string> types) =>
        types.Contains("multipart/form-data")
            ? "multipart/form-data"
            : "application/x-www-form-urlencoded";

    private static JsonElement Form(List<JsonElement> fields) =>
        JsonSerializer.SerializeToElement(
            new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject(
                    fields.Select(f =>
                        KeyValuePair.Create<string, JsonNode?>(
                            f.TextOf("name"),
                            f.TextOf("type") == "file"
                                ? new JsonObject { ["type"] = "string", ["format"] = "binary" }
                                : JsonNode.Parse(SchemaIn(f).GetRawText())
                        )
                    )
                ),
                ["required"] = new JsonArray([
                    .. fields
                        .Where(f => f.IsTrue("required"))
                        .Select(f => JsonValue.Create(f.TextOf("name"))),
                ]),
            }
        );

    // A parameter of 2.0 is its own schema; only "required" is not the schema's word.
    private static JsonElement SchemaIn(JsonElement parameter)
    {
        var schema = JsonNode.Parse(parameter.GetRawText())!.AsObject();
        schema.Remove("required");
        return JsonSerializer.SerializeToElement(schema);
    }

    private PlainParameter Read(JsonElement parameter)
    {
        var place = parameter.TextOf("in");
        var style = _isSwagger ? StyleOfSwagger(parameter) : parameter.TextOf("style");
        if (style.Length == 0)
        {
            style = place is "query" or "cookie" ? "form" : "simple";
        }

        var content = parameter.PropertiesOf("content");
        return new(
            parameter.TextOf("name"),
            place,
            place == "path" || parameter.IsTrue("required"),
            _isSwagger ? SchemaIn(parameter)
                : content.Count > 0 ? content[0].Value.SchemaOrAny()
                : parameter.SchemaOrAny(),
            style,
            _isSwagger ? parameter.TextOf("collectionFormat") == "multi"
                : parameter.TryGetProperty("explode", out var explode) ? explode.GetBoolean()
                : style == "form",
            content.Count > 0
        );
    }

    private static string StyleOfSwagger(JsonElement parameter) =>
        parameter.TextOf("collectionFormat") switch
        {
            "ssv" => "spaceDelimited",
            "pipes" => "pipeDelimited",
            _ => "",
        };
}
