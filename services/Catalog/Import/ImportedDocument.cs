using System.Text.Json;

namespace ApiSvc.Catalog.Import;

/// <summary>The specification that a document follows.</summary>
internal enum SpecificationFormat
{
    /// <summary>OpenAPI 2.0, also called Swagger.</summary>
    Swagger20,

    /// <summary>OpenAPI 3.0.x.</summary>
    OpenApi30,

    /// <summary>OpenAPI 3.1.x.</summary>
    OpenApi31,
}

/// <summary>How a document is written down.</summary>
internal enum DocumentSyntax
{
    Json,
    Yaml,
}

/// <summary>
/// What a specification document says, in the terms of OpenAPI 3 whatever it is written in. References are followed,
/// schemas stay in the document.
/// </summary>
internal sealed record ImportedDocument
{
    /// <summary>The document as it came, byte for byte.</summary>
    public required ReadOnlyMemory<byte> Source { get; init; }

    public required DocumentSyntax Syntax { get; init; }

    public required SpecificationFormat Format { get; init; }

    /// <summary>As written, such as 3.0.3.</summary>
    public required string FormatVersion { get; init; }

    /// <summary>Empty where there is none, which is a finding.</summary>
    public required string Title { get; init; }

    /// <summary>The API's version as its author names it; empty where there is none, which is a finding.</summary>
    public required string Version { get; init; }

    /// <summary>Markdown (CommonMark); empty if there is none.</summary>
    public required string Description { get; init; }

    public required IReadOnlyList<ImportedTag> Tags { get; init; }

    public required IReadOnlyList<ImportedServer> Servers { get; init; }

    public required IReadOnlyList<ImportedSecurityScheme> SecuritySchemes { get; init; }

    /// <summary>In the order of the document. Those that cannot be served are in it too.</summary>
    public required IReadOnlyList<ImportedOperation> Operations { get; init; }

    /// <summary>Errors first, then as they stand in the document.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Whether any finding is an error: such a document is to be refused, or kept as a draft.</summary>
    public bool HasErrors => Findings.Any(finding => finding.Severity == FindingSeverity.Error);
}

/// <summary>A tag that the document describes.</summary>
internal sealed record ImportedTag(string Name, string Description);

/// <summary>Where the API says it is.</summary>
/// <param name="Url">As written, variables in braces; may be relative.</param>
/// <param name="ResolvedUrl">With the variables' defaults.</param>
/// <param name="Description">Empty if there is none.</param>
internal sealed record ImportedServer(
    string Url,
    string ResolvedUrl,
    string Description,
    IReadOnlyList<ImportedServerVariable> Variables
);

/// <summary>A variable of a server's address.</summary>
internal sealed record ImportedServerVariable(
    string Name,
    string Default,
    IReadOnlyList<string> Values
);

/// <summary>A way to authenticate that the document defines.</summary>
/// <param name="Name">By which requirements name it.</param>
/// <param name="Type"><c>apiKey</c>, <c>http</c>, <c>oauth2</c>, <c>openIdConnect</c> or <c>mutualTLS</c>.</param>
/// <param name="Detail">For <c>http</c> the scheme, for <c>apiKey</c> <c>header:name</c>; else empty.</param>
/// <param name="Scopes">That the scheme defines.</param>
internal sealed record ImportedSecurityScheme(
    string Name,
    string Type,
    string Detail,
    IReadOnlyList<string> Scopes
);

/// <summary>One method at one path.</summary>
internal sealed record ImportedOperation
{
    /// <summary>Upper case.</summary>
    public required string Method { get; init; }

    /// <summary>As written, such as <c>/orders/{orderId}</c>; below the servers' paths.</summary>
    public required string PathTemplate { get; init; }

    /// <summary>
    /// Whether a request can be matched to it. False for what no path can say (a fragment, a query) and for a path that
    /// differs from an earlier one in the names of its parameters only; a finding says so.
    /// </summary>
    public required bool IsRoutable { get; init; }

    /// <summary><c>operationId</c>; empty if there is none.</summary>
    public required string OperationId { get; init; }

    public required string Summary { get; init; }

    public required string Description { get; init; }

    public required IReadOnlyList<string> Tags { get; init; }

    public required bool Deprecated { get; init; }

    /// <summary>Of the operation and of its path.</summary>
    public required IReadOnlyList<ImportedParameter> Parameters { get; init; }

    public required ImportedBody? RequestBody { get; init; }

    public required IReadOnlyList<ImportedResponse> Responses { get; init; }

    /// <summary>
    /// Alternatives, of which one suffices; in each, all schemes are needed. An alternative without schemes: anybody.
    /// No alternatives: the document asks for nothing.
    /// </summary>
    public required IReadOnlyList<ImportedSecurityAlternative> Security { get; init; }

    /// <summary>Scopes that every alternative with scopes asks for: what a token must carry in any case.</summary>
    public required IReadOnlyList<string> RequiredScopes { get; init; }

    /// <summary>Of the operation or its path, where they differ from the document's; else empty.</summary>
    public required IReadOnlyList<ImportedServer> Servers { get; init; }

    /// <summary>JSON pointer to it.</summary>
    public required string Pointer { get; init; }

    /// <summary>Where it begins, from 1.</summary>
    public required int Line { get; init; }
}

/// <summary>Where a parameter is sent.</summary>
internal enum ParameterPlace
{
    Path,
    Query,
    Header,
    Cookie,
}

/// <summary>A parameter of an operation.</summary>
/// <param name="Schema">
/// JSON Schema, references kept; of a parameter with <c>content</c> that of its media type. Null if there is none.
/// </param>
/// <param name="MediaType">Of a parameter with <c>content</c>; else empty.</param>
internal sealed record ImportedParameter(
    string Name,
    ParameterPlace Place,
    bool Required,
    bool Deprecated,
    string Description,
    JsonElement? Schema,
    string MediaType,
    string Style,
    bool Explode
);

/// <summary>What a request carries.</summary>
internal sealed record ImportedBody(
    bool Required,
    string Description,
    IReadOnlyList<ImportedMediaType> Content
);

/// <summary>One form of a body.</summary>
/// <param name="Schema">JSON Schema, references kept; null if there is none.</param>
internal sealed record ImportedMediaType(string MediaType, JsonElement? Schema);

/// <summary>An answer.</summary>
/// <param name="Status"><c>200</c>, <c>4XX</c> or <c>default</c>.</param>
internal sealed record ImportedResponse(
    string Status,
    string Description,
    IReadOnlyList<string> MediaTypes
);

/// <summary>Schemes that are needed together.</summary>
internal sealed record ImportedSecurityAlternative(IReadOnlyList<ImportedSecurityUse> Schemes);

/// <summary>A scheme with the scopes that are asked for.</summary>
internal sealed record ImportedSecurityUse(string Scheme, IReadOnlyList<string> Scopes);
