using System.Text.Json;

namespace ApiSvc.AppHost.Tests.Documents.Plain;

/// <summary>
/// A document as the platform's JSON reader sees it, which shares no code with the product's reader: what is called is
/// made from this.
/// </summary>
internal sealed class PlainDocument(JsonElement root)
{
    private static readonly string[] Methods =
    [
        "get",
        "put",
        "post",
        "delete",
        "options",
        "head",
        "patch",
        "trace",
    ];

    private readonly PlainParameters _parameters = new(root);

    public string Version { get; } =
        (
            root.TryGetProperty("openapi", out var version) ? version : root.GetProperty("swagger")
        ).GetString()!;

    /// <summary>In the order of the document.</summary>
    public IEnumerable<PlainOperation> Operations
    {
        get
        {
            foreach (var path in root.PropertiesOf("paths"))
            {
                if (path.Name.StartsWith("x-", StringComparison.Ordinal))
                {
                    continue;
                }

                var item = Follow(path.Value);
                foreach (var method in item.EnumerateObject().Where(f => Methods.Contains(f.Name)))
                {
                    yield return Read(path.Name, item, method);
                }
            }
        }
    }

    public JsonElement Follow(JsonElement element) => PlainReferences.Follow(root, element);

    private PlainOperation Read(string path, JsonElement item, JsonProperty method)
    {
        var operation = method.Value;
        var declared = _parameters.Collect(item, operation);
        return new(
            method.Name.ToUpperInvariant(),
            path,
            _parameters.Read(declared),
            root.IsSwagger() ? _parameters.Body(operation, declared) : Body(operation),
            [
                .. operation
                    .PropertiesOf("responses")
                    .Select(response => response.Name)
                    .Where(status => !status.StartsWith("x-", StringComparison.Ordinal)),
            ]
        );
    }

    private PlainBody? Body(JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var given))
        {
            return null;
        }

        var body = Follow(given);
        var forms = body.PropertiesOf("content")
            .Select(form => (form.Name, form.Value.SchemaOrAny()))
            .ToList();
        return forms.Count == 0 ? null : new(body.IsTrue("required"), forms);
    }
}
