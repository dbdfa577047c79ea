using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>Says in words what a type takes.</summary>
internal static class Expectations
{
    public static string Of(JsonTypeInfo type) =>
        type.Kind switch
        {
            JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary => "an object",
            JsonTypeInfoKind.Enumerable => "a list",
            _ when type.Type.IsEnum => $"one of: {string.Join(", ", NamesOf(type))}",
            _ => OfScalar(type.Type),
        };

    /// <summary>The violation code of an annotation that was not kept.</summary>
    public static string CodeOf(ValidationAttribute attribute) =>
        attribute switch
        {
            RequiredAttribute => "required",
            RangeAttribute => "range",
            StringLengthAttribute or LengthAttribute or MinLengthAttribute or MaxLengthAttribute =>
                "length",
            RegularExpressionAttribute => "pattern",
            AllowedValuesAttribute or DeniedValuesAttribute => "not_allowed",
            EmailAddressAttribute or UrlAttribute or PhoneAttribute => "format",
            _ => "invalid",
        };

    /// <summary>Whether JSON has this type as a number.</summary>
    public static bool IsNumber(Type type) =>
        !type.IsEnum && Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    private static IEnumerable<string?> NamesOf(JsonTypeInfo type) =>
        Enum.GetValues(type.Type)
            .Cast<object>()
            .Select(value => JsonSerializer.SerializeToElement(value, type).ToString())
            .Distinct();

    private static string OfScalar(Type type)
    {
        var invariant = CultureInfo.InvariantCulture;
        return Type.GetTypeCode(type) switch
        {
            TypeCode.String => "a string",
            TypeCode.Boolean => "true or false",
            TypeCode.Byte => "a whole number from 0 to 255",
            TypeCode.Int16 => "a whole number of 16 bits",
            TypeCode.Int32 => string.Create(
                invariant,
                $"a whole number from {int.MinValue} to {int.MaxValue}"
            ),
            TypeCode.Int64 => "a whole number of 64 bits",
            TypeCode.SByte or TypeCode.UInt16 or TypeCode.UInt32 or TypeCode.UInt64 =>
                "a whole number within its range",
            TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "a number",
            TypeCode.DateTime => "a date and time (RFC 3339)",
            _ => OfOther(type),
        };
    }

    private static string OfOther(Type type)
    {
        if (type == typeof(Guid))
        {
            return "a UUID";
        }

        if (type == typeof(DateTimeOffset))
        {
            return "a date and time (RFC 3339)";
        }

        if (type == typeof(DateOnly))
        {
            return "a date (YYYY-MM-DD)";
        }

        if (type == typeof(TimeSpan))
        {
            return "a duration (hh:mm:ss)";
        }

        return type == typeof(Uri) ? "a URI" : "a value of the documented form";
    }
}
