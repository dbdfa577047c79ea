using ApiSvc.ServiceDefaults.Identifiers;
using Google.Protobuf.WellKnownTypes;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Deployments;

/// <summary>A row of the table <c>revision</c>, without its content.</summary>
internal sealed record RevisionRow
{
    public const string Columns =
        "r.id, r.version_id, r.environment, r.number, r.author, r.comment, r.created_at, exists (select from deployment d where d.revision_id = r.id) as current";

    public Guid Id { get; init; }

    public Guid VersionId { get; init; }

    public string Environment { get; init; } = "";

    public long Number { get; init; }

    public string Author { get; init; } = "";

    public string Comment { get; init; } = "";

    public bool Current { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public RevisionDocument ToDocument() =>
        new(new(Id), new(VersionId), Environment, Number, Author, Comment, Current, CreatedAt);

    public V1.Revision ToMessage() =>
        new()
        {
            Id = new Id<RevisionKind>(Id).ToString(),
            VersionId = new Id<VersionKind>(VersionId).ToString(),
            Environment = Environment,
            Number = (uint)Number,
            Author = Author,
            Comment = Comment,
            Current = Current,
            CreatedAt = CreatedAt.ToTimestamp(),
        };
}
