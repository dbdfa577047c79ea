using System.Collections;
using System.Reflection;

namespace ApiSvc.ServiceDefaults.Configuration;

/// <summary>A setting, or an object of settings, in an options object.</summary>
/// <param name="Key">The configuration key.</param>
/// <param name="Value">What is there.</param>
/// <param name="IsSecret">Whether it must not be shown.</param>
internal sealed record OptionsNode(string Key, object? Value, bool IsSecret)
{
    /// <summary>Whether there are further settings below.</summary>
    public bool IsLeaf => Value is null || OptionsGraph.IsScalar(Value.GetType());
}

/// <summary>Walks options objects as the configuration binder fills them.</summary>
internal static class OptionsGraph
{
    private static readonly string[] SecretWords =
    [
        "secret",
        "password",
        "passwd",
        "token",
        "apikey",
        "privatekey",
        "connectionstring",
        "credential",
    ];

    // What the platform's own types are made of is not configuration, and walking it might never end.
    public static bool IsScalar(Type type) =>
        type == typeof(string)
        || type.IsValueType
        || (
            type.Namespace is { } space
            && (space is "System" || space.StartsWith("System.", StringComparison.Ordinal))
            && !type.IsAssignableTo(typeof(IEnumerable))
        );

    public static IEnumerable<PropertyInfo> Settings(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanRead && p.GetIndexParameters().Length == 0)
            .Where(p => p.CanWrite || !IsScalar(p.PropertyType))
            .Where(p => !p.PropertyType.IsAssignableTo(typeof(Delegate)));

    /// <summary>The object itself, then everything below it.</summary>
    public static IEnumerable<OptionsNode> Walk(string key, object? value, bool secret = false)
    {
        var node = new OptionsNode(key, value, secret);
        yield return node;
        if (node.IsLeaf)
        {
            yield break;
        }

        foreach (var (name, child, isSecret) in Children(value!))
        {
            foreach (var below in Walk($"{key}:{name}", child, secret || isSecret))
            {
                yield return below;
            }
        }
    }

    private static IEnumerable<(string Name, object? Value, bool IsSecret)> Children(
        object value
    ) =>
        value switch
        {
            IDictionary entries => entries
                .Keys.Cast<object>()
                .Select(k => ($"{k}", entries[k], IsSecretName($"{k}"))),
            IEnumerable elements => elements
                .Cast<object?>()
                .Select((element, i) => ($"{i}", element, false)),
            _ => Settings(value.GetType())
                .Select(p => (p.Name, p.GetValue(value), IsSecretSetting(p))),
        };

    private static bool IsSecretSetting(PropertyInfo property) =>
        property.IsDefined(typeof(SecretAttribute)) || IsSecretName(property.Name);

    private static bool IsSecretName(string name) =>
        SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
}
