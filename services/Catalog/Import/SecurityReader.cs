using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Import;

/// <summary>Reads security schemes and what asks for them.</summary>
internal sealed class SecurityReader(ReadingContext context)
{
    private readonly Dictionary<string, ImportedSecurityScheme> _schemes = new(
        StringComparer.Ordinal
    );

    private IReadOnlyList<ImportedSecurityAlternative> _ofDocument = [];

    public IReadOnlyList<ImportedSecurityScheme> Schemes => [.. _schemes.Values];

    public void ReadDocument(SourceNode root)
    {
        var schemes = context.IsSwagger
            ? context.ObjectAt(root, "securityDefinitions")
            : root.Find("components")?.Find("securitySchemes");
        foreach (var (name, node) in schemes?.Properties() ?? [])
        {
            if (context.Resolve(node, "security scheme") is { } scheme)
            {
                context.CheckFields(
                    scheme,
                    context.IsSwagger ? Fields.SwaggerSecurityScheme : Fields.SecurityScheme,
                    "security scheme"
                );
                context.Require(scheme, "type", "security scheme");
                _schemes[name] = Scheme(name, scheme);
            }
        }

        _ofDocument = Requirements(root) ?? [];
    }

    /// <summary>What an operation asks for: its own, or the document's.</summary>
    public IReadOnlyList<ImportedSecurityAlternative> Of(SourceNode operation) =>
        Requirements(operation) ?? _ofDocument;

    /// <summary>Scopes that every alternative with tokens asks for.</summary>
    public IReadOnlyList<string> RequiredScopes(
        SourceNode operation,
        IReadOnlyList<ImportedSecurityAlternative> security
    )
    {
        var alternatives = security
            .Select(alternative => alternative.Schemes.Where(HasScopes).ToList())
            .Where(uses => uses.Count > 0)
            .Select(uses => uses.SelectMany(use => use.Scopes).ToHashSet(StringComparer.Ordinal))
            .ToList();
        if (alternatives.Count == 0)
        {
            return [];
        }

        var common = alternatives[0]
            .Where(scope => alternatives.TrueForAll(set => set.Contains(scope)))
            .ToList();
        if (alternatives.Exists(set => set.Count != common.Count))
        {
            context.Findings.Info(
                "scopes_differ",
                operation,
                "The alternatives ask for different scopes; only those that all ask for can be required of a token."
            );
        }

        return common;
    }

    private bool HasScopes(ImportedSecurityUse use) =>
        _schemes.GetValueOrDefault(use.Scheme)?.Type is "oauth2" or "openIdConnect";

    private ImportedSecurityScheme Scheme(string name, SourceNode scheme)
    {
        var type = context.TextAt(scheme, "type");
        var detail = type switch
        {
            "basic" => "basic",
            "http" => context.TextAt(scheme, "scheme"),
            "apiKey" => $"{context.TextAt(scheme, "in")}:{context.TextAt(scheme, "name")}",
            _ => "",
        };
        if (
            type
            is not (
                "basic"
                or "http"
                or "apiKey"
                or "oauth2"
                or "openIdConnect"
                or "mutualTLS"
                or ""
            )
        )
        {
            context.Findings.Warning(
                "unknown_security_type",
                scheme,
                $"There is no security scheme of type '{type}'."
            );
        }

        return new(name, type == "basic" ? "http" : type, detail, ScopesOf(scheme));
    }

    private List<string> ScopesOf(SourceNode scheme)
    {
        var flows = context.IsSwagger
            ? [scheme]
            : scheme.Find("flows")?.Properties().Select(flow => flow.Value) ?? [];
        return
        [
            .. flows
                .SelectMany(flow => flow.Find("scopes")?.Properties() ?? [])
                .Select(scope => scope.Name)
                .Where(scope => !scope.StartsWith("x-", StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal),
        ];
    }

    private List<ImportedSecurityAlternative>? Requirements(SourceNode owner)
    {
        if (context.ListAt(owner, "security") is not { } list)
        {
            return null;
        }

        var alternatives = new List<ImportedSecurityAlternative>();
        foreach (
            var item in list.Items()
                .Where(item => context.Expect(item, SourceKind.Object, "security requirement"))
        )
        {
            alternatives.Add(new([.. item.Properties().Select(use => Use(use.Name, use.Value))]));
        }

        return alternatives;
    }

    private ImportedSecurityUse Use(string name, SourceNode scopes)
    {
        if (!_schemes.ContainsKey(name))
        {
            context.Findings.Warning(
                "unknown_security_scheme",
                scopes,
                $"The document defines no security scheme '{name}'."
            );
        }

        return context.Expect(scopes, SourceKind.List, "security requirement's value")
            ? new(name, context.Texts(scopes, name))
            : new(name, []);
    }
}
