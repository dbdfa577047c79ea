using System.Collections;
using System.ComponentModel;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.Extensions.Configuration;

namespace ApiSvc.ServiceDefaults.Configuration;

/// <summary>
/// Compares a section of configuration with the type it is bound to: keys that mean nothing, values of another
/// form. The binder would stop at the first.
/// </summary>
internal static class SectionCheck
{
    public static IEnumerable<SettingFailure> Run(IConfigurationSection section, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (OptionsGraph.IsScalar(type))
        {
            return CheckScalar(section, type);
        }

        var element = ElementOf(type);
        return element is not null
            ? section.GetChildren().SelectMany(child => Run(child, element))
            : section.GetChildren().SelectMany(child => CheckSetting(child, type));
    }

    private static IEnumerable<SettingFailure> CheckSetting(IConfigurationSection child, Type owner)
    {
        var settings = OptionsGraph.Settings(owner).ToList();
        var setting = settings.Find(p =>
            p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase)
        );
        if (setting is not null)
        {
            return Run(child, setting.PropertyType);
        }

        var names = settings.Select(p => p.Name);
        return [new(child.Path, Names.Suggest("there is no such setting.", child.Key, names))];
    }

    private static IEnumerable<SettingFailure> CheckScalar(IConfigurationSection section, Type type)
    {
        if (section.GetChildren().Any())
        {
            return [new(section.Path, "must be one value, not a section.")];
        }

        // The value stays out of the message: it may be a secret.
        return section.Value is not { Length: > 0 } text || CanConvert(type, text)
            ? []
            : [new(section.Path, $"must be {Describe(type)}.")];
    }

    // As the binder converts.
    private static bool CanConvert(Type type, string text)
    {
        if (type == typeof(string) || type == typeof(object))
        {
            return true;
        }

        var converter = TypeDescriptor.GetConverter(type);
        if (!converter.CanConvertFrom(typeof(string)))
        {
            return true;
        }

        try
        {
            converter.ConvertFromInvariantString(text);
            return true;
        }
        catch (Exception)
        {
            // Converters wrap what goes wrong in any exception they like.
            return false;
        }
    }

    private static string Describe(Type type)
    {
        if (type.IsEnum)
        {
            return $"one of: {string.Join(", ", Enum.GetNames(type))}";
        }

        return type == typeof(TimeSpan)
            ? "a duration ([days.]hh:mm:ss)"
            : $"a value of type {type.Name}";
    }

    private static Type? ElementOf(Type type)
    {
        if (type.IsArray)
        {
            return type.GetElementType();
        }

        return type.IsAssignableTo(typeof(IEnumerable)) && type.IsGenericType
            ? type.GetGenericArguments()[^1]
            : null;
    }
}
