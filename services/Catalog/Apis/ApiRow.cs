using ApiSvc.Catalog.Outcomes;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Apis;

/// <summary>A row of the table <c>api</c>.</summary>
internal sealed record ApiRow
{
    public const string Columns =
        "a.id, a.team_id, a.slug, a.name, a.description, a.type, a.visibility, a.visible_to, a.category, a.tags, a.labels, a.version, a.created_at, a.updated_at";

    /// <summary>Whether a version of API <c>a</c> was published.</summary>
    public const string Released = """
        exists (
          select from api_version o
          where o.api_id = a.id and o.state in ('Published', 'Deprecated', 'Suspended', 'Retired')
        )
        """;

    /// <summary>
    /// Whether others than the owner may know of API <c>a</c>: it has to be offered to them, with a version that was
    /// published. For the parameters see <see cref="ScopeOf"/>.
    /// </summary>
    public const string Offered =
        $"({Released} and (a.visibility in ('Public', 'AllTeams') or a.visible_to && @teams))";

    /// <summary>Whether the caller may see API <c>a</c>.</summary>
    public const string Visible = $"(@all or a.team_id = any(@teams) or {Offered})";

    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public string Slug { get; init; } = "";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public ApiType Type { get; init; }

    public Visibility Visibility { get; init; }

    public Guid[] VisibleTo { get; init; } = [];

    public string Category { get; init; } = "";

    public string[] Tags { get; init; } = [];

    /// <summary>A JSON object of strings.</summary>
    public string Labels { get; init; } = "{}";

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public string PublicId => new Id<ApiKind>(Id).ToString();

    public ApiDocument ToDocument() =>
        new(
            new(Id),
            new(TeamId),
            Slug,
            Name,
            Description,
            Type,
            Visibility,
            [.. VisibleTo.Select(t => new Id<TeamKind>(t))],
            Category,
            Tags,
            Stored.Read<Dictionary<string, string>>(Labels),
            CreatedAt,
            UpdatedAt
        );

    public ApiRow With(ApiInput input) =>
        this with
        {
            Slug = input.Slug,
            Name = input.Name,
            Description = input.Description,
            Type = input.Kind,
            Visibility = input.Visibility,
            VisibleTo = [.. input.VisibleToTeamIds.Select(t => t.Value).Distinct()],
            Category = input.Category,
            Tags = [.. input.Tags.Distinct()],
            Labels = Stored.Write(input.Labels),
        };

    public object Parameters =>
        new
        {
            Id,
            TeamId,
            Slug,
            Name,
            Description,
            Type = Type.ToString(),
            Visibility = Visibility.ToString(),
            VisibleTo,
            Category,
            Tags,
            Labels,
            Version,
            CreatedAt,
            UpdatedAt,
        };

    /// <summary>Parameters <c>all</c> and <c>teams</c>: where the caller has the permission.</summary>
    public static DynamicParameters ScopeOf(Caller caller, string permission)
    {
        var scope = caller.TeamsWith(permission);
        var parameters = new DynamicParameters();
        parameters.Add("all", scope.IsAll);
        parameters.Add("teams", scope.Teams.ToArray());
        return parameters;
    }

    public static Task<ApiRow?> FindAsync(NpgsqlConnection db, Guid id, bool forChange = false) =>
        db.QuerySingleOrDefaultAsync<ApiRow>(
            $"select {Columns} from api a where a.id = @id {(forChange ? "for update" : "")}",
            new { id }
        );

    public static Task<ApiRow?> FindVisibleAsync(NpgsqlConnection db, Guid id, Caller caller)
    {
        var parameters = ScopeOf(caller, "apis.read");
        parameters.Add("id", id);
        return db.QuerySingleOrDefaultAsync<ApiRow>(
            $"select {Columns} from api a where a.id = @id and {Visible}",
            parameters
        );
    }
}
