using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;

namespace ApiSvc.ServiceDefaults.GrpcCalls;

/// <summary>
/// Judges what came by gRPC by the rules of the record that REST reads the same input as: its data annotations,
/// then, if those hold, its <see cref="IValidatableObject"/>.
/// </summary>
public static class MessageRules
{
    /// <param name="input">The record, filled from the message.</param>
    /// <param name="message">The path of the message in the request, such as <c>team</c>; empty for the request itself.</param>
    /// <returns>All violations, as pointers made of the fields' names in the contract: <c>#/team/slug</c>.</returns>
    public static IReadOnlyList<Violation> Find(object input, string message = "")
    {
        ArgumentNullException.ThrowIfNull(input);
        var found = input
            .GetType()
            .GetProperties()
            .SelectMany(property => Ask(property, input, message))
            .ToList();
        if (found.Count == 0 && input is IValidatableObject judge)
        {
            found.AddRange(
                judge
                    .Validate(new ValidationContext(input))
                    .SelectMany(result =>
                        result
                            .MemberNames.DefaultIfEmpty("")
                            .Select(name => new Violation(
                                FieldOf(name, message),
                                "invalid",
                                result.ErrorMessage ?? "Is not valid."
                            ))
                    )
            );
        }

        return found;
    }

    /// <summary>Throws unless there are no violations.</summary>
    /// <exception cref="ApiProblemException">400 with all violations.</exception>
    public static T Check<T>(T input, string message = "")
        where T : notnull =>
        Find(input, message) is { Count: > 0 } violations
            ? throw new ApiProblemException(ApiProblem.Invalid(violations))
            : input;

    private static IEnumerable<Violation> Ask(PropertyInfo property, object input, string message)
    {
        var context = new ValidationContext(input) { MemberName = property.Name };
        foreach (var attribute in property.GetCustomAttributes<ValidationAttribute>(inherit: true))
        {
            if (attribute.GetValidationResult(property.GetValue(input), context) is { } wrong)
            {
                yield return new(
                    FieldOf(property.Name, message),
                    Expectations.CodeOf(attribute),
                    wrong.ErrorMessage ?? "Is not valid."
                );
            }
        }
    }

    private static string FieldOf(string property, string message)
    {
        var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property);
        return "#/"
            + (message.Length == 0 || name.Length == 0 ? message + name : $"{message}/{name}");
    }
}
