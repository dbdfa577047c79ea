using System.ComponentModel.DataAnnotations;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;

namespace ApiSvc.Identity.Teams;

/// <summary>A member as the database has it, with what is shown of the user.</summary>
// Arrays come as System.Array, by which no constructor is found.
[method: ExplicitConstructor]
internal sealed record MemberRow(
    Guid TeamId,
    Guid UserId,
    string Name,
    string Email,
    string[] Roles
)
{
    public string PublicUserId => new Id<UserKind>(UserId).ToString();

    public MemberDocument ToDocument() => new(new(TeamId), new(UserId), Name, Email, Roles);

    public Member ToMessage() =>
        new()
        {
            TeamId = new Id<TeamKind>(TeamId).ToString(),
            UserId = PublicUserId,
            Name = Name,
            Email = Email,
            Roles = { Roles },
        };
}

/// <summary>A member as it is shown.</summary>
internal sealed record MemberDocument(
    Id<TeamKind> TeamId,
    Id<UserKind> UserId,
    string Name,
    string Email,
    IReadOnlyList<string> Roles
);

/// <summary>A member as it is given.</summary>
internal sealed record MemberInput
{
    [RoleNames]
    [MinLength(1)]
    public required IReadOnlyList<string> Roles { get; init; }
}
