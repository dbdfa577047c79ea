using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.AiAdapter.Aliases;

/// <summary>A row of the table <c>model_name</c>.</summary>
internal sealed record AliasRow
{
    public Guid TeamId { get; init; }

    public string Name { get; init; } = "";

    public Guid VirtualModelId { get; init; }

    /// <summary>Whether it is another name, not the model's own.</summary>
    public bool IsAlias { get; init; }

    public long Version { get; init; }

    public AliasDocument ToDocument() => new(Name, new(VirtualModelId));

    public static Task<AliasRow?> FindAsync(
        NpgsqlConnection db,
        Guid team,
        string name,
        string lockClause = ""
    ) =>
        db.QuerySingleOrDefaultAsync<AliasRow>(
            $"select * from model_name where team_id = @team and name = @name {lockClause}",
            new { team, name }
        );
}

/// <summary>Another name of a virtual model.</summary>
internal sealed record AliasDocument(string Name, Id<VirtualModelKind> VirtualModelId);

/// <summary>What an alias stands for, as it is given.</summary>
internal sealed record AliasInput
{
    public required Id<VirtualModelKind> VirtualModelId { get; init; }
}
