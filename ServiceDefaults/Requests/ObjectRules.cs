using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>What an object may and must hold, worked out once per type.</summary>
internal sealed class ObjectRules
{
    private static readonly ConditionalWeakTable<JsonTypeInfo, ObjectRules> Known = [];
    private readonly Dictionary<string, PropertyRule> _byName;

    private ObjectRules(JsonTypeInfo type)
    {
        _byName = type
            .Properties.Where(p => !p.IsExtensionData && CanBeSet(p))
            .Select(p => new PropertyRule(p))
            .ToDictionary(rule => rule.Name, StringComparer.Ordinal);
        TakesUnknown = type.Properties.Any(p => p.IsExtensionData);
    }

    public IReadOnlyCollection<PropertyRule> Properties => _byName.Values;

    public bool TakesUnknown { get; }

    public static ObjectRules Of(JsonTypeInfo type) =>
        Known.GetValue(type, static t => new ObjectRules(t));

    public PropertyRule? Find(string name) => _byName.GetValueOrDefault(name);

    // A computed property can be written to JSON but not read: in a request it is unknown.
    private static bool CanBeSet(JsonPropertyInfo property) =>
        property.Set is not null || property.AssociatedParameter is not null;
}
