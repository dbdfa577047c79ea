using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>Asks data annotations, and objects that judge themselves, about values that were read.</summary>
internal sealed class JsonAnnotations(
    JsonSerializerOptions options,
    RequestViolations violations,
    JsonPlace place,
    IServiceProvider services
)
{
    public void Ask(IValidatableObject made, string at)
    {
        var context = new ValidationContext(made, services, items: null);
        foreach (var result in made.Validate(context).Where(r => r != ValidationResult.Success))
        {
            var members = result.MemberNames.DefaultIfEmpty("");
            foreach (var member in members)
            {
                var name = options.PropertyNamingPolicy?.ConvertName(member) ?? member;
                violations.Add(
                    name.Length == 0 ? at : place.Child(at, name),
                    "invalid",
                    result.ErrorMessage ?? "Is not valid."
                );
            }
        }
    }

    public void Ask(PropertyRule rule, object? value, string at)
    {
        // The object is not made yet. An attribute that wants it belongs into IValidatableObject.
        var context = new ValidationContext(this, rule.Name, services, items: null)
        {
            MemberName = rule.Name,
        };
        foreach (var attribute in rule.Attributes)
        {
            if (attribute.GetValidationResult(value, context) is { } wrong)
            {
                violations.Add(
                    at,
                    Expectations.CodeOf(attribute),
                    wrong.ErrorMessage ?? "Is not valid."
                );
            }
        }
    }
}
