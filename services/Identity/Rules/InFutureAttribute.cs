using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Identity.Rules;

/// <summary>A time that is yet to come.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class InFutureAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        var time =
            (TimeProvider?)validationContext.GetService(typeof(TimeProvider))
            ?? TimeProvider.System;
        return value is DateTimeOffset given && given <= time.GetUtcNow()
            ? new("Must be in the future.")
            : ValidationResult.Success;
    }
}
