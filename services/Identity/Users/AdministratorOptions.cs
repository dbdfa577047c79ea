using System.ComponentModel.DataAnnotations;
using ApiSvc.Identity.Passwords;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.Identity.Users;

/// <summary>The user that the first start makes; section <c>Administrator</c>.</summary>
internal sealed class AdministratorOptions : IValidatableObject
{
    public const string Section = "Administrator";

    /// <summary>The login.</summary>
    [RegularExpression(Words.Login)]
    [Required]
    public string User { get; set; } = "admin";

    /// <summary>12 to 128 characters. If there is none, one is made and written to the log, at the first start only.</summary>
    [Secret]
    [StringLength(Words.LongestPassword, MinimumLength = Words.ShortestPassword)]
    public string? Password { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (
            Password is { Length: >= Words.ShortestPassword and <= Words.LongestPassword }
            && PasswordRule.FindFault(Password, User) is { } fault
        )
        {
            yield return new(fault, [nameof(Password)]);
        }
    }
}
