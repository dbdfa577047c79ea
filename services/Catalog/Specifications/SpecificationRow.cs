using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Specifications;

/// <summary>A row of the table <c>specification</c>.</summary>
internal sealed record SpecificationRow
{
    public byte[] Document { get; init; } = [];

    public DocumentSyntax Syntax { get; init; }

    public static Task<SpecificationRow?> FindAsync(NpgsqlConnection db, Guid version) =>
        db.QuerySingleOrDefaultAsync<SpecificationRow>(
            "select document, syntax from specification where version_id = @version",
            new { version }
        );

    public static async Task<IReadOnlyList<Finding>> FindingsOfAsync(
        NpgsqlConnection db,
        Guid version
    ) =>
        await db.QuerySingleOrDefaultAsync<string>(
            "select findings from specification where version_id = @version",
            new { version }
        )
            is { } json
            ? Stored.Read<IReadOnlyList<Finding>>(json)
            : [];
}

/// <summary>A row of the table <c>operation</c>.</summary>
internal sealed record OperationRow
{
    public Guid Id { get; init; }

    public long Position { get; init; }

    public string OperationId { get; init; } = "";

    public string Method { get; init; } = "";

    public string PathTemplate { get; init; } = "";

    public string Summary { get; init; } = "";

    public string[] Tags { get; init; } = [];

    public bool Deprecated { get; init; }

    public bool Routable { get; init; }

    public string[] RequiredScopes { get; init; } = [];

    public OperationDocument ToDocument() =>
        new(
            new(Id),
            OperationId,
            Method,
            PathTemplate,
            Summary,
            Tags,
            Deprecated,
            Routable,
            RequiredScopes
        );

    public Contracts.Catalog.V1.Operation ToMessage() =>
        new()
        {
            Id = new Id<OperationKind>(Id).ToString(),
            OperationId = OperationId,
            Method = Method,
            PathTemplate = PathTemplate,
            Summary = Summary,
            Tags = { Tags },
            Deprecated = Deprecated,
        };
}

/// <summary>An operation of a version.</summary>
/// <param name="Routable">Whether the gateway can serve it; the import's findings say why not.</param>
/// <param name="RequiredScopes">Of which a token must carry all.</param>
internal sealed record OperationDocument(
    Id<OperationKind> Id,
    string OperationId,
    string Method,
    string PathTemplate,
    string Summary,
    IReadOnlyList<string> Tags,
    bool Deprecated,
    bool Routable,
    IReadOnlyList<string> RequiredScopes
);
