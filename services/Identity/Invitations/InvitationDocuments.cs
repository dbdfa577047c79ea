using System.ComponentModel.DataAnnotations;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Requests;
using Dapper;

namespace ApiSvc.Identity.Invitations;

/// <summary>An invitation to a team.</summary>
internal sealed class InvitationKind : IIdKind
{
    public static string Prefix => "inv";
}

/// <summary>A row of the table <c>invitations</c>, with what is shown of the team.</summary>
// Arrays come as System.Array, by which no constructor is found.
[method: ExplicitConstructor]
internal sealed record InvitationRow(
    Guid Id,
    Guid TeamId,
    string TeamName,
    string Email,
    string[] Roles,
    string InvitedBy,
    DateTime CreatedAt,
    DateTime ExpiresAt
)
{
    public const string Select = """
        select i.id, i.team_id as teamId, t.name as teamName, i.email, i.roles, i.invited_by as invitedBy,
          i.created_at as createdAt, i.expires_at as expiresAt
        from invitations i join teams t on t.id = i.team_id
        """;

    /// <summary>With <c>@now</c>.</summary>
    public const string IsOpen =
        "i.accepted_at is null and i.revoked_at is null and i.expires_at > @now";

    public string PublicId => new Id<InvitationKind>(Id).ToString();

    public InvitationDocument ToDocument() =>
        new(
            new(Id),
            new(TeamId),
            Email,
            Roles,
            InvitedBy,
            CreatedAt.ToOffset(),
            ExpiresAt.ToOffset()
        );
}

/// <summary>An open invitation as it is shown. The link is in the e-mail alone.</summary>
internal sealed record InvitationDocument(
    Id<InvitationKind> Id,
    Id<TeamKind> TeamId,
    string Email,
    IReadOnlyList<string> Roles,
    string InvitedBy,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt
);

/// <summary>An invitation as it is given.</summary>
internal sealed record InvitationInput : IValidatableObject
{
    [StringLength(Words.LongestEmail)]
    public required string Email { get; init; }

    [RoleNames]
    [MinLength(1)]
    public required IReadOnlyList<string> Roles { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!MailAddressesAttribute.IsAddress(Email))
        {
            yield return new("Must be an address such as ada@example.org.", [nameof(Email)]);
        }
    }
}
