using System.ComponentModel.DataAnnotations;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.Identity.Rules;

/// <summary>A list of different roles of one reach.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RoleNamesAttribute(RoleReach reach) : ValidationAttribute
{
    /// <summary>Where the roles hold.</summary>
    public RoleReach Reach { get; } = reach;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var known = BuiltInRoles.All.Where(r => r.Reach == Reach).Select(r => r.Name).ToList();
        var given = ((IEnumerable<string>?)value ?? []).ToList();
        return given.Except(known).Any() || given.Distinct().Count() < given.Count
            ? new($"Must be different ones of: {string.Join(", ", known)}.")
            : ValidationResult.Success;
    }
}
