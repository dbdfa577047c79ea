using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Import;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Versions;

/// <summary>A row of the table <c>api_version</c>.</summary>
internal sealed record VersionRow
{
    public const string Columns =
        "v.id, v.api_id, v.name, v.state, v.host, v.base_path, v.selector, v.only_operations, v.upstreams, v.plan_ids, v.format, v.operation_count, v.author, v.submitted_by, v.deprecated_at, v.sunset_at, v.successor_id, v.deprecation_reason, v.migration_guide, v.version, v.created_at, v.updated_at";

    /// <summary>Whether the caller may see version <c>v</c> of API <c>a</c>: others than the owner, what was published.</summary>
    public const string Visible = $"""
        (@all or a.team_id = any(@teams)
          or (v.state in ('Published', 'Deprecated', 'Suspended', 'Retired') and {ApiRow.Offered}))
        """;

    public Guid Id { get; init; }

    public Guid ApiId { get; init; }

    public string Name { get; init; } = "";

    public VersionState State { get; init; }

    public string Host { get; init; } = "";

    public string BasePath { get; init; } = "";

    /// <summary>JSON of a <see cref="VersionSelector"/>.</summary>
    public string? Selector { get; init; }

    public bool OnlyOperations { get; init; }

    /// <summary>JSON of <see cref="UpstreamInput"/>s.</summary>
    public string Upstreams { get; init; } = "[]";

    public Guid[] PlanIds { get; init; } = [];

    public SpecificationFormat? Format { get; init; }

    public int OperationCount { get; init; }

    public string Author { get; init; } = "";

    public string? SubmittedBy { get; init; }

    public DateTimeOffset? DeprecatedAt { get; init; }

    public DateTimeOffset? SunsetAt { get; init; }

    public Guid? SuccessorId { get; init; }

    public string DeprecationReason { get; init; } = "";

    public string MigrationGuide { get; init; } = "";

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public string PublicId => new Id<VersionKind>(Id).ToString();

    public IReadOnlyList<UpstreamInput> UpstreamList =>
        Stored.Read<IReadOnlyList<UpstreamInput>>(Upstreams);

    public VersionSelector? SelectorValue =>
        Selector is null ? null : Stored.Read<VersionSelector>(Selector);

    /// <summary>What the gateway has to know of the state.</summary>
    public VersionStanding Standing =>
        new(
            State switch
            {
                VersionState.Suspended => Availability.Suspended,
                VersionState.Retired => Availability.Retired,
                _ => Availability.Served,
            },
            DeprecatedAt,
            SunsetAt,
            // The guide is an address, or Markdown that has none.
            Uri.TryCreate(MigrationGuide, UriKind.Absolute, out var guide)
            && guide.Scheme is "http" or "https"
                ? MigrationGuide
                : ""
        );

    public object Parameters =>
        new
        {
            Id,
            ApiId,
            Name,
            State = State.ToString(),
            Host,
            BasePath,
            Selector,
            OnlyOperations,
            Upstreams,
            PlanIds,
            Format = Format?.ToString(),
            OperationCount,
            Author,
            SubmittedBy,
            DeprecatedAt,
            SunsetAt,
            SuccessorId,
            DeprecationReason,
            MigrationGuide,
            Version,
            CreatedAt,
            UpdatedAt,
        };

    public VersionDocument ToDocument() =>
        new(
            new(Id),
            new(ApiId),
            Name,
            State,
            VersionTransitions.From(State),
            Host,
            BasePath,
            SelectorValue,
            OnlyOperations,
            UpstreamList,
            [.. PlanIds.Select(p => new Id<PlanKind>(p))],
            Format,
            OperationCount,
            DeprecatedAt,
            SunsetAt,
            SuccessorId is { } successor ? new Id<VersionKind>(successor) : null,
            DeprecationReason,
            MigrationGuide,
            CreatedAt,
            UpdatedAt
        );

    public static Task<VersionRow?> FindAsync(
        NpgsqlConnection db,
        Guid id,
        bool forChange = false
    ) =>
        db.QuerySingleOrDefaultAsync<VersionRow>(
            $"select {Columns} from api_version v where v.id = @id {(forChange ? "for update" : "")}",
            new { id }
        );

    public static Task<VersionRow?> FindVisibleAsync(NpgsqlConnection db, Guid id, Caller caller)
    {
        var parameters = ApiRow.ScopeOf(caller, "apis.read");
        parameters.Add("id", id);
        return db.QuerySingleOrDefaultAsync<VersionRow>(
            $"select {Columns} from api_version v join api a on a.id = v.api_id where v.id = @id and {Visible}",
            parameters
        );
    }

    public Task SaveAsync(NpgsqlConnection db) =>
        db.ExecuteAsync(
            """
            update api_version set state = @State, host = @Host, base_path = @BasePath, selector = @Selector::jsonb,
              only_operations = @OnlyOperations, upstreams = @Upstreams::jsonb, plan_ids = @PlanIds, format = @Format,
              operation_count = @OperationCount, submitted_by = @SubmittedBy, deprecated_at = @DeprecatedAt,
              sunset_at = @SunsetAt, successor_id = @SuccessorId, deprecation_reason = @DeprecationReason,
              migration_guide = @MigrationGuide, version = @Version, updated_at = @UpdatedAt
            where id = @Id
            """,
            Parameters
        );
}
