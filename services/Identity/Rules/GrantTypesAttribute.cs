using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Identity.Rules;

/// <summary>A list of different grant types, at least one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class GrantTypesAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var given = ((IEnumerable<string>?)value ?? []).ToList();
        return
            given.Count > 0
            && given.Distinct().Count() == given.Count
            && !given.Except(GrantTypes.All).Any()
            ? ValidationResult.Success
            : new($"Must be different ones of: {string.Join(", ", GrantTypes.All)}.");
    }
}
