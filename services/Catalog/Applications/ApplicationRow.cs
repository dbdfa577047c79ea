using System.ComponentModel.DataAnnotations;
using ApiSvc.Catalog.Compilation;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Preconditions;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Applications;

/// <summary>A row of the table <c>application</c>.</summary>
internal sealed record ApplicationRow
{
    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => new Id<ApplicationKind>(Id).ToString();

    public ApplicationDocument ToDocument() =>
        new(new(Id), new(TeamId), Name, Description, CreatedAt);

    public ApplicationContent ToContent() => new(Id, TeamId, Name);

    public V1.Application ToMessage() =>
        new()
        {
            Id = PublicId,
            TeamId = new Id<TeamKind>(TeamId).ToString(),
            Name = Name,
            Description = Description,
            Etag = EntityTag.From(Version).ToString(),
            CreatedAt = CreatedAt.ToTimestamp(),
        };

    /// <param name="lockClause">Such as <c>for update</c>.</param>
    /// <returns>Null also for one that was deleted.</returns>
    public static Task<ApplicationRow?> FindAsync(
        NpgsqlConnection db,
        Guid id,
        string lockClause = ""
    ) =>
        db.QuerySingleOrDefaultAsync<ApplicationRow>(
            $"select * from application where id = @id and deleted_at is null {lockClause}",
            new { id }
        );
}

/// <summary>An application: a consumer of APIs.</summary>
internal sealed record ApplicationDocument(
    Id<ApplicationKind> Id,
    Id<TeamKind> TeamId,
    string Name,
    string Description,
    DateTimeOffset CreatedAt
);

/// <summary>An application as it is given.</summary>
internal sealed record ApplicationInput
{
    /// <summary>Unique in the team.</summary>
    [StringLength(200, MinimumLength = 1)]
    public required string Name { get; init; }

    [StringLength(10_000)]
    public string Description { get; init; } = "";
}
