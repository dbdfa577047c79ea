using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace ApiSvc.Identity.Rules;

/// <summary>A list of different names of roles. Whether there are such roles is judged where they are given.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed partial class RoleNamesAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var given = ((IEnumerable<string>?)value ?? []).ToList();
        return
            given.Distinct(StringComparer.Ordinal).Count() < given.Count
            || !given.TrueForAll(name => Name().IsMatch(name))
            ? new("Must be different names of roles, each 1 to 63 of a-z, 0-9 and hyphen.")
            : ValidationResult.Success;
    }

    [GeneratedRegex(Words.Slug, RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Name();
}
