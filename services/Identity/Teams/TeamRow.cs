using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Npgsql;

namespace ApiSvc.Identity.Teams;

/// <summary>A row of the table <c>teams</c>.</summary>
internal sealed record TeamRow(
    Guid Id,
    string Slug,
    string Name,
    string Description,
    long Version,
    DateTime CreatedAt
)
{
    public const string Columns = "id, slug, name, description, version, created_at as createdAt";

    public string PublicId => new Id<TeamKind>(Id).ToString();

    public TeamDocument ToDocument() => new(new(Id), Slug, Name, Description, CreatedAt.ToOffset());

    public Team ToMessage() =>
        new()
        {
            Id = PublicId,
            Slug = Slug,
            Name = Name,
            Description = Description,
            Etag = MessageEtag.Of(Version),
            CreatedAt = CreatedAt.ToTimestamp(),
        };

    public static Task<TeamRow?> FindAsync(NpgsqlConnection db, Guid id, bool isLocked = false) =>
        db.QuerySingleOrDefaultAsync<TeamRow>(
            $"select {Columns} from teams where id = @id {(isLocked ? "for update" : "")}",
            new { id }
        );
}
