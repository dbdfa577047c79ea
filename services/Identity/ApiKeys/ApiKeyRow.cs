using ApiSvc.Contracts.Events.V1;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Identity.ApiKeys;

/// <summary>A row of the table <c>api_keys</c> with its application's team, without the key's hash.</summary>
// Arrays come as System.Array, by which no constructor is found.
[method: ExplicitConstructor]
internal sealed record ApiKeyRow(
    Guid Id,
    Guid ApplicationId,
    Guid TeamId,
    string Environment,
    string Name,
    string VisiblePrefix,
    string[] AllowedNetworks,
    string[] Scopes,
    DateTime CreatedAt,
    DateTime? ExpiresAt,
    DateTime? RevokedAt,
    DateTime? LastUsedAt = null
)
{
    /// <summary>Of <c>api_keys k</c> and <c>applications a</c>.</summary>
    public const string Columns = """
        k.id, k.application_id as applicationId, a.team_id as teamId, k.environment, k.name,
        k.visible_prefix as visiblePrefix, k.allowed_networks as allowedNetworks, k.scopes,
        k.created_at as createdAt, k.expires_at as expiresAt, k.revoked_at as revokedAt,
        k.last_used_at as lastUsedAt
        """;

    public string PublicId => new Id<KeyKind>(Id).ToString();

    public ApiKeyDocument ToDocument() =>
        new(
            new(Id),
            new(ApplicationId),
            Environment,
            Name,
            VisiblePrefix,
            AllowedNetworks,
            Scopes,
            CreatedAt.ToOffset(),
            ExpiresAt.ToOffset(),
            RevokedAt.ToOffset(),
            LastUsedAt.ToOffset()
        );

    public ApiKey ToMessage() =>
        new()
        {
            Id = PublicId,
            ApplicationId = new Id<ApplicationKind>(ApplicationId).ToString(),
            Environment = Environment,
            Name = Name,
            VisiblePrefix = VisiblePrefix,
            AllowedNetworks = { AllowedNetworks },
            Scopes = { Scopes },
            CreatedAt = CreatedAt.ToTimestamp(),
            ExpiresAt = ExpiresAt.ToMessage(),
            RevokedAt = RevokedAt.ToMessage(),
            LastUsedAt = LastUsedAt.ToMessage(),
        };

    /// <summary>Tells of this state and records how it came.</summary>
    public void Record(string action, ApiKeyRow? before, UnitOfWork work, Actor actor)
    {
        work.Tell(TeamId, new ApiKeyChanged { ApiKey = ToMessage() });
        work.AddAudit(actor.Did(action, PublicId, TeamId, before?.ToDocument(), ToDocument()));
    }
}
