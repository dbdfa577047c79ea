using System.ComponentModel.DataAnnotations;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Identity.TeamClients;

/// <summary>A row of the table <c>team_clients</c>, without the secret's hash.</summary>
// Arrays come as System.Array, by which no constructor is found.
[method: ExplicitConstructor]
internal sealed record TeamClientRow(
    Guid Id,
    Guid TeamId,
    string Name,
    string[] Roles,
    DateTime CreatedAt,
    DateTime? RevokedAt
)
{
    public const string Columns =
        "id, team_id as teamId, name, roles, created_at as createdAt, revoked_at as revokedAt";

    public string ClientId => new Id<OAuthClientKind>(Id).ToString();

    public TeamClientDocument ToDocument() =>
        new(new(Id), new(TeamId), Name, Roles, CreatedAt.ToOffset(), RevokedAt.ToOffset());

    public TeamClient ToMessage() =>
        new()
        {
            ClientId = ClientId,
            TeamId = new Id<TeamKind>(TeamId).ToString(),
            Name = Name,
            Roles = { Roles },
            CreatedAt = CreatedAt.ToTimestamp(),
            RevokedAt = RevokedAt.ToMessage(),
        };
}

/// <summary>A team's client as it is shown.</summary>
internal sealed record TeamClientDocument(
    Id<OAuthClientKind> ClientId,
    Id<TeamKind> TeamId,
    string Name,
    IReadOnlyList<string> Roles,
    DateTimeOffset CreatedAt,
    DateTimeOffset? RevokedAt
);

/// <summary>A new one, with the secret that is shown this once.</summary>
internal sealed record NewTeamClientDocument(
    TeamClientDocument Client,
    [property: Secret] string ClientSecret
);

/// <summary>A team's client as it is given.</summary>
internal sealed record TeamClientInput
{
    [StringLength(Words.LongestName, MinimumLength = 1)]
    public required string Name { get; init; }

    [RoleNames]
    [MinLength(1)]
    public required IReadOnlyList<string> Roles { get; init; }
}

/// <summary>A client that was made.</summary>
internal sealed record NewTeamClient(TeamClientRow Client, string Secret);
