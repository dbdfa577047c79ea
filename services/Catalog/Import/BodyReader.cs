using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Import;

/// <summary>Reads bodies of requests and answers, those of 2.0 in the terms of 3.x.</summary>
internal sealed class BodyReader(ReadingContext context)
{
    private IReadOnlyList<string> _consumes = [];
    private IReadOnlyList<string> _produces = [];

    public void ReadDocument(SourceNode root)
    {
        if (context.IsSwagger)
        {
            _consumes = context.TextsAt(root, "consumes");
            _produces = context.TextsAt(root, "produces");
        }
    }

    public ImportedBody? Request(SourceNode operation)
    {
        if (
            operation.Find("requestBody") is not { } node
            || context.Resolve(node, "request body") is not { } body
        )
        {
            return null;
        }

        context.CheckFields(body, Fields.Body, "request body");
        context.Require(body, "content", "request body");
        return new(
            context.FlagAt(body, "required"),
            context.TextAt(body, "description"),
            Content(body)
        );
    }

    /// <summary>The body that the parameters of a 2.0 operation make: one <c>body</c>, or any number of <c>formData</c>.</summary>
    public ImportedBody? Request(
        SourceNode operation,
        IReadOnlyList<SourceNode> bodies,
        IReadOnlyList<SourceNode> forms
    )
    {
        if (bodies.Count + forms.Count == 0)
        {
            return null;
        }

        if (bodies.Count > 1 || (bodies.Count == 1 && forms.Count > 0))
        {
            context.Findings.Error(
                "several_bodies",
                operation,
                "An operation can have one body: one parameter in 'body', or those in 'formData'."
            );
        }

        var types = operation.Find("consumes") is null
            ? _consumes
            : context.TextsAt(operation, "consumes");
        if (bodies.Count > 0)
        {
            var body = bodies[0];
            context.CheckFields(body, Fields.SwaggerParameter, "parameter");
            var schema = body.Find("schema")?.ToElement();
            return new(
                context.FlagAt(body, "required"),
                context.TextAt(body, "description"),
                [
                    .. (types.Count == 0 ? ["application/json"] : types).Select(
                        type => new ImportedMediaType(type, schema)
                    ),
                ]
            );
        }

        return Form(forms, types);
    }

    public IReadOnlyList<ImportedResponse> Responses(SourceNode operation)
    {
        if (context.ObjectAt(operation, "responses") is not { } responses)
        {
            // 3.1 lets them be left out (section 4.8.10.1).
            if (context.Format != SpecificationFormat.OpenApi31)
            {
                context.Findings.Warning(
                    "required",
                    operation,
                    "An operation must have 'responses'."
                );
            }

            return [];
        }

        var read = new List<ImportedResponse>();
        foreach (var (status, node) in responses.Properties())
        {
            if (status.StartsWith("x-", StringComparison.Ordinal))
            {
                continue;
            }

            if (!IsStatus(status))
            {
                context.Findings.Warning(
                    "unknown_status",
                    node,
                    $"'{status}' is no status, range such as 4XX, or 'default'."
                );
            }

            if (context.Resolve(node, "response") is { } response)
            {
                context.CheckFields(
                    response,
                    context.IsSwagger ? Fields.SwaggerResponse : Fields.Response,
                    "response"
                );
                read.Add(
                    new(
                        status,
                        context.TextAt(response, "description"),
                        MediaTypes(operation, response)
                    )
                );
            }
        }

        return read;
    }

    private IReadOnlyList<string> MediaTypes(SourceNode operation, SourceNode response)
    {
        if (!context.IsSwagger)
        {
            return [.. Content(response).Select(content => content.MediaType)];
        }

        return response.Find("schema") is null ? []
            : operation.Find("produces") is null ? _produces
            : context.TextsAt(operation, "produces");
    }

    private List<ImportedMediaType> Content(SourceNode owner)
    {
        var content = new List<ImportedMediaType>();
        foreach (var (type, media) in context.ObjectAt(owner, "content")?.Properties() ?? [])
        {
            if (context.Expect(media, SourceKind.Object, "media type"))
            {
                context.CheckFields(media, Fields.MediaType, "media type");
                content.Add(new(type, media.Find("schema")?.ToElement()));
            }
        }

        return content;
    }

    private ImportedBody Form(IReadOnlyList<SourceNode> forms, IReadOnlyList<string> types)
    {
        var required = forms.Where(form => context.FlagAt(form, "required")).ToList();
        var buffer = new ArrayBufferWriter<byte>();
        using (
            var writer = new Utf8JsonWriter(
                buffer,
                new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            writer.WriteStartObject();
            writer.WriteString("type", "object");
            writer.WriteStartObject("properties");
            foreach (var form in forms)
            {
                context.CheckFields(form, Fields.SwaggerParameter, "parameter");
                writer.WritePropertyName(context.TextAt(form, "name"));
                ParameterReader.SwaggerSchema(form).WriteTo(writer);
            }

            writer.WriteEndObject();
            if (required.Count > 0)
            {
                writer.WriteStartArray("required");
                foreach (var form in required)
                {
                    writer.WriteStringValue(context.TextAt(form, "name"));
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        var schema = JsonElement.Parse(buffer.WrittenSpan);
        return new(
            required.Count > 0,
            "",
            [.. FormTypes(forms, types).Select(type => new ImportedMediaType(type, schema))]
        );
    }

    /// <summary>A form is sent as one of two media types, whatever else the document names; a file needs the second.</summary>
    private List<string> FormTypes(IReadOnlyList<SourceNode> forms, IReadOnlyList<string> types)
    {
        const string Multipart = "multipart/form-data";
        const string Encoded = "application/x-www-form-urlencoded";
        var usable = types.Where(type => type is Multipart or Encoded).ToList();
        return usable.Count > 0 ? usable
            : forms.Any(form => context.TextAt(form, "type") == "file") ? [Multipart]
            : [Encoded];
    }

    private static bool IsStatus(string status) =>
        status == "default"
        || (
            status.Length == 3
            && status[0] is >= '1' and <= '5'
            && (
                status.AsSpan(1) is "XX"
                || (char.IsAsciiDigit(status[1]) && char.IsAsciiDigit(status[2]))
            )
        );
}
