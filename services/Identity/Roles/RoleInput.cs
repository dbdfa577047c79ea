using System.ComponentModel.DataAnnotations;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.Identity.Roles;

/// <summary>A role as administrators make it.</summary>
internal sealed record RoleInput : IValidatableObject
{
    [RegularExpression(Words.Slug, ErrorMessage = "Must be 1 to 63 of a-z, 0-9 and hyphen.")]
    public required string Name { get; init; }

    /// <summary>Where it holds: on the platform or in one team.</summary>
    public required RoleReach Reach { get; init; }

    [StringLength(Words.LongestDescription)]
    public string Description { get; init; } = "";

    /// <summary>What it permits, of the permissions that there are.</summary>
    [MinLength(1)]
    public required IReadOnlyList<string> Permissions { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Reach is not (RoleReach.Platform or RoleReach.Team))
        {
            yield return new("Must be platform or team.", [nameof(Reach)]);
            yield break;
        }

        var wrong = Permissions
            .Where(p => KnownPermissions.Find(p)?.IsFor(Reach) is not true)
            .Concat(Permissions.GroupBy(p => p).Where(g => g.Count() > 1).Select(g => g.Key))
            .Distinct()
            .ToList();
        if (wrong.Count > 0)
        {
            var possible = KnownPermissions.All.Where(p => p.IsFor(Reach)).Select(p => p.Name);
            yield return new(
                $"Not possible here, or there twice: {string.Join(", ", wrong)}. Must be different ones of: {string.Join(", ", possible)}.",
                [nameof(Permissions)]
            );
        }
    }
}
