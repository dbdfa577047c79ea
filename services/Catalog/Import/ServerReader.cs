using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Import;

/// <summary>Reads servers: of 3.x as they are listed, of 2.0 from schemes, host and base path.</summary>
internal sealed class ServerReader(ReadingContext context)
{
    public IReadOnlyList<ImportedServer> OfDocument(SourceNode root) =>
        context.IsSwagger ? OfSwagger(root) : Read(root);

    /// <summary>The servers that a document, a path or an operation lists.</summary>
    public IReadOnlyList<ImportedServer> Read(SourceNode owner)
    {
        if (context.ListAt(owner, "servers") is not { } list)
        {
            return [];
        }

        var servers = new List<ImportedServer>();
        foreach (var server in list.Items())
        {
            if (context.Expect(server, SourceKind.Object, "server"))
            {
                context.CheckFields(server, Fields.Server, "server");
                context.Require(server, "url", "server");
                servers.Add(One(server));
            }
        }

        return servers;
    }

    private ImportedServer One(SourceNode server)
    {
        var url = context.TextAt(server, "url");
        var variables = new List<ImportedServerVariable>();
        var resolved = url;
        foreach (var (name, variable) in context.ObjectAt(server, "variables")?.Properties() ?? [])
        {
            if (!context.Expect(variable, SourceKind.Object, "server variable"))
            {
                continue;
            }

            context.Require(variable, "default", "server variable");
            var value = context.TextAt(variable, "default");
            variables.Add(new(name, value, context.TextsAt(variable, "enum")));
            resolved = resolved.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }

        if (resolved.Contains('{', StringComparison.Ordinal))
        {
            context.Findings.Warning(
                "undefined_variable",
                server,
                $"The address '{url}' has a variable that 'variables' does not define."
            );
        }

        return new(url, resolved, context.TextAt(server, "description"), variables);
    }

    // OpenAPI 2.0, "Swagger Object": what is not said is that of where the document was found.
    private List<ImportedServer> OfSwagger(SourceNode root)
    {
        var host = context.TextAt(root, "host");
        var path = context.TextAt(root, "basePath");
        if (host.Length == 0)
        {
            return path.Length == 0 ? [] : [Plain(path)];
        }

        var schemes = context.TextsAt(root, "schemes");
        return
        [
            .. (schemes.Count == 0 ? ["https"] : schemes).Select(scheme =>
                Plain($"{scheme}://{host}{path.TrimEnd('/')}")
            ),
        ];
    }

    private static ImportedServer Plain(string url) => new(url, url, "", []);
}
