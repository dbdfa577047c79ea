using System.Collections;
using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;

namespace Grpc.AspNetCore.HealthChecks;

/// <summary>A health check, for those who choose.</summary>
public sealed class HealthCheckMapContext
{
    internal HealthCheckMapContext(string name, IEnumerable<string> tags) =>
        (Name, Tags) = (name, tags);

    public string Name { get; }

    public IEnumerable<string> Tags { get; }
}

/// <summary>A gRPC service and the health checks that say how it is.</summary>
public sealed class ServiceMapping(string name, Func<HealthCheckMapContext, bool> predicate)
{
    public string Name { get; } = name;

    internal Func<HealthCheckMapContext, bool> Predicate { get; } = predicate;
}

/// <summary>The mapped services, each once.</summary>
public sealed class ServiceMappingCollection : ICollection<ServiceMapping>
{
    private readonly Mappings _mappings = [];

    public int Count => _mappings.Count;

    bool ICollection<ServiceMapping>.IsReadOnly => false;

    /// <summary>Maps a service, in place of its mapping before.</summary>
    /// <param name="name">A service's full name; empty is the server as a whole.</param>
    /// <param name="predicate">Which health checks count for it.</param>
    public void Map(string name, Func<HealthCheckMapContext, bool> predicate)
    {
        _mappings.Remove(name);
        _mappings.Add(new ServiceMapping(name, predicate));
    }

    public void Add(ServiceMapping service) => _mappings.Add(service);

    public void Remove(string name) => _mappings.Remove(name);

    public void Clear() => _mappings.Clear();

    public IEnumerator<ServiceMapping> GetEnumerator() => _mappings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    bool ICollection<ServiceMapping>.Remove(ServiceMapping item) => _mappings.Remove(item);

    bool ICollection<ServiceMapping>.Contains(ServiceMapping item) => _mappings.Contains(item);

    void ICollection<ServiceMapping>.CopyTo(ServiceMapping[] array, int arrayIndex) =>
        _mappings.CopyTo(array, arrayIndex);

    internal bool TryGetMapping(string name, [NotNullWhen(true)] out ServiceMapping? mapping) =>
        _mappings.TryGetValue(name, out mapping);

    private sealed class Mappings : KeyedCollection<string, ServiceMapping>
    {
        protected override string GetKeyForItem(ServiceMapping item) => item.Name;
    }
}
