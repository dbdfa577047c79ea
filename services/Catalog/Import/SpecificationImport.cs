using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Import;

/// <summary>Reads specification documents: OpenAPI 2.0, 3.0 and 3.1, in JSON and YAML. Pure; safe for any input.</summary>
internal static class SpecificationImport
{
    /// <summary>Reads a document. What is wrong with it is in the result, never thrown.</summary>
    public static ImportResult Read(
        ReadOnlyMemory<byte> document,
        ImportLimits limits,
        CancellationToken cancellationToken = default
    )
    {
        var findings = new FindingList(limits.MaxFindings);
        var (source, problem) = SourceText.Read(document, limits, findings, cancellationToken);
        if (source is null)
        {
            return ImportResult.Refused(problem!);
        }

        findings.Source = source;
        var (format, version, refusal) = FormatOf(source);
        return refusal is not null
            ? ImportResult.Refused(refusal)
            : Read(document, new(source, format, findings), version, limits, cancellationToken);
    }

    private static ImportResult Read(
        ReadOnlyMemory<byte> document,
        ReadingContext context,
        string formatVersion,
        ImportLimits limits,
        CancellationToken cancellationToken
    )
    {
        var root = context.Source.Root;
        new DocumentCheck(
            context.Source,
            context.References,
            context.Findings,
            context.Format
        ).Run();
        CheckRoot(context, root);
        var servers = new ServerReader(context);
        var security = new SecurityReader(context);
        security.ReadDocument(root);
        var operations = new OperationReader(context, servers, security, limits.MaxOperations).Read(
            root,
            cancellationToken
        );
        if (operations is null)
        {
            return ImportResult.Refused(
                new(
                    FindingSeverity.Error,
                    "too_complex",
                    "/paths",
                    0,
                    FormattableString.Invariant(
                        $"A document may have {limits.MaxOperations:N0} operations."
                    )
                )
            );
        }

        var info = context.ObjectAt(root, "info");
        return ImportResult.Of(
            new()
            {
                Source = document,
                Syntax = context.Source.Syntax,
                Format = context.Format,
                FormatVersion = formatVersion,
                Title = info is null ? "" : context.TextAt(info.Value, "title"),
                Version = info is null ? "" : context.TextAt(info.Value, "version"),
                Description = info is null ? "" : context.TextAt(info.Value, "description"),
                Tags = Tags(context, root),
                Servers = servers.OfDocument(root),
                SecuritySchemes = security.Schemes,
                Operations = operations,
                Findings = context.Findings.ToFindings(),
            }
        );
    }

    /// <summary>What a document says that it is.</summary>
    public static (SpecificationFormat Format, string Version, Finding? Refusal) FormatOf(
        SourceDocument source
    )
    {
        var root = source.Root;
        if (!root.IsObject)
        {
            return (
                default,
                "",
                Refuse(
                    "not_openapi",
                    root,
                    "An OpenAPI document is an object with 'openapi' or 'swagger'."
                )
            );
        }

        var swagger = root.Find("swagger");
        if (
            (root.Find("openapi") ?? swagger)
            is not { Kind: SourceKind.Text or SourceKind.Number } field
        )
        {
            return (
                default,
                "",
                Refuse(
                    "not_openapi",
                    root,
                    "This is no OpenAPI document: it has neither 'openapi' nor 'swagger' with a version."
                )
            );
        }

        var version = field.Text;
        SpecificationFormat? format = version switch
        {
            "2.0" or "2" when swagger is not null => SpecificationFormat.Swagger20,
            _ when swagger is null && version.StartsWith("3.0.", StringComparison.Ordinal) =>
                SpecificationFormat.OpenApi30,
            _ when swagger is null && version.StartsWith("3.1.", StringComparison.Ordinal) =>
                SpecificationFormat.OpenApi31,
            _ => null,
        };
        return format is { } known
            ? (known, version, null)
            : (
                default,
                version,
                Refuse(
                    "unsupported_version",
                    field,
                    $"Version '{version}' of the specification is not supported; OpenAPI 2.0, 3.0.x and 3.1.x are."
                )
            );
    }

    private static Finding Refuse(string code, SourceNode node, string message) =>
        new(FindingSeverity.Error, code, node.Pointer, node.Line, message);

    private static void CheckRoot(ReadingContext context, SourceNode root)
    {
        context.CheckFields(root, context.IsSwagger ? Fields.SwaggerRoot : Fields.Root, "document");
        context.Require(root, "info", "document");
        if (context.Format != SpecificationFormat.OpenApi31)
        {
            context.Require(root, "paths", "document");
        }
        else if (
            root.Find("paths") is null
            && root.Find("components") is null
            && root.Find("webhooks") is null
        )
        {
            context.Findings.Error(
                "required",
                root,
                "A document must have 'paths', 'components' or 'webhooks'."
            );
        }

        if (context.ObjectAt(root, "info") is { } info)
        {
            context.CheckFields(info, Fields.Info, "info");
            context.Require(info, "title", "document's 'info'");
            context.Require(info, "version", "document's 'info'");
        }

        if (context.ObjectAt(root, "components") is { } components)
        {
            context.CheckFields(components, Fields.Components, "document's 'components'");
        }

        if (root.Find("webhooks") is { } webhooks)
        {
            context.Findings.Info(
                "webhooks",
                webhooks,
                "Webhooks are calls by the API: they are kept in the document and not served."
            );
        }
    }

    private static List<ImportedTag> Tags(ReadingContext context, SourceNode root)
    {
        var tags = new List<ImportedTag>();
        foreach (var tag in context.ListAt(root, "tags")?.Items() ?? [])
        {
            if (context.Expect(tag, SourceKind.Object, "tag"))
            {
                context.CheckFields(tag, Fields.Tag, "tag");
                tags.Add(new(context.TextAt(tag, "name"), context.TextAt(tag, "description")));
            }
        }

        return tags;
    }
}
