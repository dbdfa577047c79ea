using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Identity.Rules;

/// <summary>A list of different addresses that a browser may be sent back to.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RedirectUrisAttribute : ValidationAttribute
{
    private const int Most = 20;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var given = ((IEnumerable<string>?)value ?? []).ToList();
        if (given.Count > Most || given.Distinct().Count() < given.Count)
        {
            return new($"May have {Most} different addresses.");
        }

        var wrong = given.FindIndex(u => RedirectUri.FindFault(u) is not null);
        return wrong < 0
            ? ValidationResult.Success
            : new($"Number {wrong + 1} {RedirectUri.FindFault(given[wrong])}.");
    }
}
