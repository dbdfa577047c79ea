using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Identity.Rules;

/// <summary>A list of different scopes, each a scope-token of RFC 6749 section 3.3 of up to 100 characters.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ScopesAttribute : ValidationAttribute
{
    private const int Most = 100;
    private const int Longest = 100;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var given = ((IEnumerable<string>?)value ?? []).ToList();
        return
            given.Count <= Most
            && given.Distinct().Count() == given.Count
            && given.All(s => s.Length is > 0 and <= Longest && s.All(IsScopeCharacter))
            ? ValidationResult.Success
            : new(
                $"Must be up to {Most} different scopes of 1 to {Longest} printable ASCII characters without space, quote and backslash."
            );
    }

    private static bool IsScopeCharacter(char c) => c is > ' ' and <= '~' and not ('"' or '\\');
}
