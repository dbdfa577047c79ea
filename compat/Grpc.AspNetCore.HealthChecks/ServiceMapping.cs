using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>A health check, for those who choose.</summary>
public sealed class HealthCheckMapContext(string name, IEnumerable<string> tags)
{
    public string Name { get; } = name;

    public IEnumerable<string> Tags { get; } = tags;
}

/// <summary>A gRPC service and the health checks that say how it is.</summary>
public sealed class ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
{
    public string Name { get; } = name;

    public Func<HealthCheckMapContext, bool>? HealthCheckPredicate { get; } = predicate;
}

/// <summary>The mapped services, each once.</summary>
public sealed class ServiceMappingCollection : ICollection<ServiceMapping>
{
    private readonly Mappings _mappings = [];

    public int Count => _mappings.Count;

    bool ICollection<ServiceMapping>.IsReadOnly => false;

    /// <summary>Maps a service, in place of its mapping before.</summary>
    /// <param name="name">A service's full name; empty is the server as a whole.</param>
    public void MapService(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        _mappings.Remove(name);
        _mappings.Add(new ServiceMapping(name, predicate));
    }

    public bool TryGetMapping(
        string name,
        [NotNullWhen(true)] out ServiceMapping? serviceMapping
    ) => _mappings.TryGetValue(name, out serviceMapping);

    public void Add(ServiceMapping serviceMapping) => _mappings.Add(serviceMapping);

    public bool Remove(ServiceMapping serviceMapping) => _mappings.Remove(serviceMapping);

    public bool Remove(string name) => _mappings.Remove(name);

    public void Clear() => _mappings.Clear();

    public bool Contains(ServiceMapping serviceMapping) => _mappings.Contains(serviceMapping);

    public void CopyTo(ServiceMapping[] array, int arrayIndex) =>
        _mappings.CopyTo(array, arrayIndex);

    public IEnumerator<ServiceMapping> GetEnumerator() => _mappings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Mappings : KeyedCollection<string, ServiceMapping>
    {
        protected override string GetKeyForItem(ServiceMapping item) => item.Name;
    }
}
