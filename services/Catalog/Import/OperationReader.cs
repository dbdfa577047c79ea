using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Import;

/// <summary>Reads the paths of a document into operations.</summary>
internal sealed class OperationReader(
    ReadingContext context,
    ServerReader servers,
    SecurityReader security,
    int limit
)
{
    private readonly ParameterReader _parameters = new(context);
    private readonly BodyReader _bodies = new(context);
    private readonly Dictionary<(string Method, string Shape), string> _shapes = [];
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly List<ImportedOperation> _operations = [];

    /// <returns>Null: there are more than the limit.</returns>
    public IReadOnlyList<ImportedOperation>? Read(
        SourceNode root,
        CancellationToken cancellationToken
    )
    {
        _bodies.ReadDocument(root);
        foreach (var (path, node) in context.ObjectAt(root, "paths")?.Properties() ?? [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (
                !path.StartsWith("x-", StringComparison.Ordinal)
                && context.Resolve(node, "path item") is { } item
            )
            {
                ReadPath(path, node, item);
            }

            if (_operations.Count > limit)
            {
                return null;
            }
        }

        return _operations;
    }

    private void ReadPath(string path, SourceNode at, SourceNode item)
    {
        context.CheckFields(
            item,
            context.IsSwagger ? Fields.SwaggerPathItem : Fields.PathItem,
            "path item"
        );
        var template = PathTemplate.Parse(path);
        if (template.Problem is { } problem)
        {
            context.Findings.Warning(
                "unroutable_path",
                at,
                $"No request can be matched to the path '{path}': {problem}. Its operations are not served."
            );
        }

        if (at.Index != item.Index && at.Properties().Any(own => MethodOf(own.Name) is not null))
        {
            context.Findings.Warning(
                "reference_with_siblings",
                at,
                "Beside '$ref' a path item has operations of its own; only those of the reference are taken."
            );
        }

        foreach (var (name, operation) in item.Properties())
        {
            if (
                MethodOf(name) is { } method
                && context.Expect(operation, SourceKind.Object, "operation")
            )
            {
                // Looking for the place of each among all paths would take the square of their number.
                var pointer =
                    at.Index == item.Index
                        ? $"/paths/{SourceDocument.Escape(path)}/{name}"
                        : operation.Pointer;
                _operations.Add(ReadOperation(path, template, method, item, operation, pointer));
            }
        }
    }

    private ImportedOperation ReadOperation(
        string path,
        PathTemplate template,
        string method,
        SourceNode item,
        SourceNode operation,
        string pointer
    )
    {
        context.CheckFields(
            operation,
            context.IsSwagger ? Fields.SwaggerOperation : Fields.Operation,
            "operation"
        );
        var defined = _parameters.Collect(item, operation);
        var parameters = defined
            .Where(parameter => !(context.IsSwagger && parameter.Place is "body" or "formData"))
            .Select(parameter => _parameters.Read(parameter.Node, parameter.Name, parameter.Place))
            .OfType<ImportedParameter>()
            .ToList();
        CheckTemplate(path, template, operation, parameters);
        var alternatives = security.Of(operation);
        if (operation.Find("callbacks") is { } callbacks)
        {
            context.Findings.Info(
                "callbacks",
                callbacks,
                "Callbacks are calls by the API: they are kept in the document and not served."
            );
        }

        return new()
        {
            Method = method,
            PathTemplate = path,
            IsRoutable =
                template.Problem is null
                && CanBeWritten(path, operation, parameters)
                && IsFirstOfShape(path, template, method, operation),
            OperationId = IdOf(operation),
            Summary = context.TextAt(operation, "summary"),
            Description = context.TextAt(operation, "description"),
            Tags = context.TextsAt(operation, "tags"),
            Deprecated = context.FlagAt(operation, "deprecated"),
            Parameters = parameters,
            RequestBody = context.IsSwagger
                ? _bodies.Request(operation, Of(defined, "body"), Of(defined, "formData"))
                : _bodies.Request(operation),
            Responses = _bodies.Responses(operation),
            Security = alternatives,
            RequiredScopes = security.RequiredScopes(operation, alternatives),
            Servers = ServersOf(item, operation),
            Pointer = pointer,
            Line = operation.Line,
        };
    }

    private static List<SourceNode> Of(
        IReadOnlyList<(SourceNode Node, string Name, string Place)> parameters,
        string place
    ) =>
        [
            .. parameters
                .Where(parameter => parameter.Place == place)
                .Select(parameter => parameter.Node),
        ];

    private string IdOf(SourceNode operation)
    {
        var id = context.TextAt(operation, "operationId");
        if (id.Length > 0 && !_ids.Add(id))
        {
            context.Findings.Warning(
                "duplicate_operation_id",
                operation,
                $"Another operation has the operationId '{id}' too."
            );
        }

        return id;
    }

    // In a request it stands behind a semicolon: that begins a segment, or is cut off where a literal goes before it.
    private bool CanBeWritten(string path, SourceNode operation, List<ImportedParameter> parameters)
    {
        var matrix = parameters.Find(parameter =>
            parameter is { Place: ParameterPlace.Path, Style: "matrix" }
        );
        if (matrix is not null)
        {
            context.Findings.Warning(
                "unroutable_path",
                operation,
                $"No request can be matched to the path '{path}': the style of '{matrix.Name}', matrix, begins with a semicolon, which servers read in two ways. The operation is not served."
            );
        }

        return matrix is null;
    }

    private bool IsFirstOfShape(
        string path,
        PathTemplate template,
        string method,
        SourceNode operation
    )
    {
        if (_shapes.TryAdd((method, template.Shape), path))
        {
            return true;
        }

        var first = _shapes[(method, template.Shape)];
        context.Findings.Warning(
            "same_path",
            operation,
            $"A request cannot tell '{path}' from '{first}'; this operation is not served."
        );
        return false;
    }

    private void CheckTemplate(
        string path,
        PathTemplate template,
        SourceNode operation,
        List<ImportedParameter> parameters
    )
    {
        var declared = parameters
            .Where(parameter => parameter.Place == ParameterPlace.Path)
            .Select(parameter => parameter.Name)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var name in template.Parameters.Where(name => !declared.Contains(name)))
        {
            context.Findings.Warning(
                "undeclared_path_parameter",
                operation,
                $"'{{{name}}}' of the path '{path}' is no parameter of the operation; any text is taken."
            );
        }

        foreach (
            var name in declared.Where(name =>
                !template.Parameters.Contains(name, StringComparer.Ordinal)
            )
        )
        {
            context.Findings.Warning(
                "unused_path_parameter",
                operation,
                $"The path '{path}' has no '{{{name}}}', which the operation declares."
            );
        }
    }

    private IReadOnlyList<ImportedServer> ServersOf(SourceNode item, SourceNode operation)
    {
        if (context.IsSwagger)
        {
            return [];
        }

        var owner = operation.Find("servers") is null ? item : operation;
        var own = servers.Read(owner);
        if (own.Count > 0)
        {
            context.Findings.Warning(
                "own_servers",
                operation,
                "The operation is at other servers than the document's; it is forwarded to the version's upstream as all are."
            );
        }

        return own;
    }

    // 2.0 has no TRACE.
    private string? MethodOf(string name) =>
        name switch
        {
            "get" => "GET",
            "put" => "PUT",
            "post" => "POST",
            "delete" => "DELETE",
            "options" => "OPTIONS",
            "head" => "HEAD",
            "patch" => "PATCH",
            "trace" when !context.IsSwagger => "TRACE",
            _ => null,
        };
}
