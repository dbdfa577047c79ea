using System.ComponentModel.DataAnnotations;
using ApiSvc.Catalog.Compilation;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Subscriptions;

/// <summary>A row of the table <c>subscription</c>.</summary>
internal sealed record SubscriptionRow
{
    /// <summary>Whether the caller may see subscription <c>s</c>: it is on one of its two sides.</summary>
    public const string Visible =
        "(@all or s.application_team_id = any(@teams) or s.api_team_id = any(@teams))";

    public Guid Id { get; init; }

    public Guid ApplicationId { get; init; }

    public Guid ApplicationTeamId { get; init; }

    public Guid ApiId { get; init; }

    public Guid ApiTeamId { get; init; }

    public Guid PlanId { get; init; }

    public string Environment { get; init; } = "";

    public SubscriptionState State { get; init; }

    public string Reason { get; init; } = "";

    public string Comment { get; init; } = "";

    public DateTimeOffset? ExpiresAt { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => new Id<SubscriptionKind>(Id).ToString();

    public string ApplicationPublicId => new Id<ApplicationKind>(ApplicationId).ToString();

    public SubscriptionDocument ToDocument() =>
        new(
            new(Id),
            new(ApplicationId),
            new(ApiId),
            new(PlanId),
            Environment,
            State,
            [.. SubscriptionTransitions.From(State).Select(t => t.To)],
            Reason,
            Comment,
            ExpiresAt,
            CreatedAt
        );

    public SubscriptionContent ToContent() => new(Id, ApplicationId, ApiId, PlanId, [], ExpiresAt);

    public V1.Subscription ToMessage() =>
        new()
        {
            Id = PublicId,
            ApplicationId = ApplicationPublicId,
            ApiId = new Id<ApiKind>(ApiId).ToString(),
            PlanId = new Id<PlanKind>(PlanId).ToString(),
            Environment = Environment,
            State = (V1.SubscriptionState)(int)State,
            ExpiresAt = ExpiresAt?.ToTimestamp(),
            Etag = EntityTag.From(Version).ToString(),
            CreatedAt = CreatedAt.ToTimestamp(),
        };

    public Parties PartyOf(Caller caller) =>
        (caller.Can("subscriptions.approve", ApiTeamId) ? Parties.Provider : Parties.None)
        | (caller.Can("subscriptions.request", ApplicationTeamId) ? Parties.Consumer : Parties.None)
        | (caller.Kind == CallerKind.System ? Parties.Catalog : Parties.None);

    public Task SaveAsync(NpgsqlConnection db) =>
        db.ExecuteAsync(
            "update subscription set state = @state, comment = @Comment, version = @Version where id = @Id",
            new
            {
                state = State.ToString(),
                Comment,
                Version,
                Id,
            }
        );
}

/// <summary>A subscription as it is shown.</summary>
/// <param name="NextStates">Where it can go from its state, by one side or the other.</param>
/// <param name="Reason">Of who asked for it.</param>
/// <param name="Comment">Of who decided last.</param>
internal sealed record SubscriptionDocument(
    Id<SubscriptionKind> Id,
    Id<ApplicationKind> ApplicationId,
    Id<ApiKind> ApiId,
    Id<PlanKind> PlanId,
    string Environment,
    SubscriptionState State,
    IReadOnlyList<SubscriptionState> NextStates,
    string Reason,
    string Comment,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset CreatedAt
);

/// <summary>A subscription as it is asked for.</summary>
internal sealed record SubscriptionInput
{
    public required Id<ApiKind> ApiId { get; init; }

    public required Id<PlanKind> PlanId { get; init; }

    [StringLength(16, MinimumLength = 1)]
    public required string Environment { get; init; }

    /// <summary>For the approver.</summary>
    [StringLength(10_000)]
    public string Reason { get; init; } = "";

    /// <summary>When it ends by itself; never unless given.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A step to another state.</summary>
internal sealed record SubscriptionStepInput
{
    public required SubscriptionState To { get; init; }

    [StringLength(10_000)]
    public string Comment { get; init; } = "";
}
