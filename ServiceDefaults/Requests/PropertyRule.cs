using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>What a property asks of its value.</summary>
internal sealed class PropertyRule
{
    public PropertyRule(JsonPropertyInfo property)
    {
        Property = property;
        Type = property.Options.GetTypeInfo(property.PropertyType);
        Attributes =
        [
            .. AttributesOf(property.AttributeProvider),
            .. AttributesOf(property.AssociatedParameter?.AttributeProvider),
        ];

        var mustHaveValue = Attributes.Any(a => a is RequiredAttribute);
        Nullable = !mustHaveValue && AllowsNull(property);
        Required =
            mustHaveValue
            || property.IsRequired
            || (
                property.AssociatedParameter
                    is { HasDefaultValue: false, IsMemberInitializer: false }
                && !Nullable
            );
    }

    public JsonPropertyInfo Property { get; }

    public string Name => Property.Name;

    public JsonTypeInfo Type { get; }

    /// <summary>Whether it must be there: <c>required</c>, or a constructor's parameter without default that takes no null.</summary>
    public bool Required { get; }

    public bool Nullable { get; }

    public ValidationAttribute[] Attributes { get; }

    private static bool AllowsNull(JsonPropertyInfo property)
    {
        if (property.PropertyType.IsValueType)
        {
            return System.Nullable.GetUnderlyingType(property.PropertyType) is not null;
        }

        return property.AssociatedParameter?.IsNullable ?? property.IsSetNullable;
    }

    private static IEnumerable<ValidationAttribute> AttributesOf(
        ICustomAttributeProvider? provider
    ) => provider?.GetCustomAttributes(inherit: true).OfType<ValidationAttribute>() ?? [];
}
