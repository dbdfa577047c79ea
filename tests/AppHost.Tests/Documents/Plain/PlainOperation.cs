using System.Text.Json;
using System.Text.RegularExpressions;

namespace ApiSvc.AppHost.Tests.Documents.Plain;

/// <summary>What a plain walk over a document's JSON sees of an operation.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">The template, as written.</param>
/// <param name="Statuses">As written: <c>200</c>, <c>4XX</c>, <c>default</c>.</param>
internal sealed partial record PlainOperation(
    string Method,
    string Path,
    IReadOnlyList<PlainParameter> Parameters,
    PlainBody? Body,
    IReadOnlyList<string> Statuses
)
{
    /// <summary>Whether a request can have such a path; docs/decisions/0006 has the gateway's rules.</summary>
    public bool HasPath =>
        PathOfARequest().IsMatch(Path)
        && !Parameters.Any(p => p is { Place: "path", Style: "matrix" });

    /// <summary>The template without the names of its parameters.</summary>
    public string Shape => Name().Replace(Path, "{}");

    [GeneratedRegex(@"^(?:/(?!\.{1,2}(?:/|$)|\.{0,2};)(?:\{[^{}/]+\}|[^{}/?#\\])+)*/?$")]
    private static partial Regex PathOfARequest();

    [GeneratedRegex(@"\{[^{}/]+\}")]
    private static partial Regex Name();
}

/// <param name="Place"><c>path</c>, <c>query</c>, <c>header</c> or <c>cookie</c>.</param>
/// <param name="Schema">References not followed.</param>
/// <param name="IsJson">Whether its value is written as JSON.</param>
internal sealed record PlainParameter(
    string Name,
    string Place,
    bool Required,
    JsonElement Schema,
    string Style,
    bool Explode,
    bool IsJson
);

/// <param name="Forms">Media type and schema, references not followed; at least one.</param>
internal sealed record PlainBody(
    bool Required,
    IReadOnlyList<(string MediaType, JsonElement Schema)> Forms
);
