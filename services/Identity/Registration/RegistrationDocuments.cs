using System.ComponentModel.DataAnnotations;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.Identity.Registration;

/// <summary>Somebody who asked for an account.</summary>
internal sealed class RegistrationKind : IIdKind
{
    public static string Prefix => "reg";
}

/// <summary>A row of the table <c>registrations</c>, without the password's hash.</summary>
internal sealed record RegistrationRow(
    Guid Id,
    string Login,
    string Name,
    string Email,
    DateTime CreatedAt
)
{
    public const string Columns = "id, login, name, email, created_at as createdAt";

    public string PublicId => new Id<RegistrationKind>(Id).ToString();

    public RegistrationDocument ToDocument() =>
        new(new(Id), Login, Name, Email, CreatedAt.ToOffset());
}

/// <summary>Somebody who waits to be let in. The e-mail address is proved.</summary>
internal sealed record RegistrationDocument(
    Id<RegistrationKind> Id,
    string Login,
    string Name,
    string Email,
    DateTimeOffset CreatedAt
);

/// <summary>What somebody is let in with.</summary>
internal sealed record ApprovalInput
{
    [RoleNames]
    public IReadOnlyList<string> PlatformRoles { get; init; } = [];

    /// <summary>The teams that it becomes a member of, at most 20.</summary>
    [MaxLength(20)]
    public IReadOnlyList<ApprovalTeam> Teams { get; init; } = [];
}

/// <summary>A team, and the roles in it.</summary>
internal sealed record ApprovalTeam
{
    public required Id<TeamKind> TeamId { get; init; }

    [RoleNames]
    [MinLength(1)]
    public required IReadOnlyList<string> Roles { get; init; }
}

/// <summary>Why somebody is not let in.</summary>
internal sealed record RejectionInput
{
    /// <summary>Told in the e-mail.</summary>
    [StringLength(500)]
    public string? Reason { get; init; }
}
