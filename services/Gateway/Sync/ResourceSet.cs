using System.Collections.Immutable;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Sync;
using Google.Protobuf;

namespace ApiSvc.Gateway.Sync;

/// <summary>All resources of a log at one generation. Immutable; what two generations share is shared in memory.</summary>
internal sealed class ResourceSet
{
    private static readonly ImmutableDictionary<ByteString, SyncedResource> NoneOfAKind =
        ImmutableDictionary<ByteString, SyncedResource>.Empty;

    private readonly ImmutableSortedDictionary<
        uint,
        ImmutableDictionary<ByteString, SyncedResource>
    > _kinds;

    private ResourceSet(
        ImmutableSortedDictionary<uint, ImmutableDictionary<ByteString, SyncedResource>> kinds,
        ulong generation,
        StateHash hash
    )
    {
        _kinds = kinds;
        Generation = generation;
        Hash = hash;
        Count = kinds.Values.Sum(k => k.Count);
    }

    /// <summary>No resource, at generation 0.</summary>
    public static ResourceSet Empty { get; } =
        new(
            ImmutableSortedDictionary<uint, ImmutableDictionary<ByteString, SyncedResource>>.Empty,
            0,
            StateHash.Empty
        );

    public ulong Generation { get; }

    public StateHash Hash { get; }

    public int Count { get; }

    /// <summary>The resource, if there is one.</summary>
    public SyncedResource? Get(uint kind, ByteString id) =>
        _kinds.GetValueOrDefault(kind, NoneOfAKind).GetValueOrDefault(id);

    /// <inheritdoc cref="Get(uint, ByteString)"/>
    public SyncedResource? Get(ResourceKey key) => Get(key.Kind, key.Id);

    /// <summary>All of a kind, in no order.</summary>
    public IEnumerable<SyncedResource> Enumerate(uint kind) =>
        _kinds.GetValueOrDefault(kind, NoneOfAKind).Values;

    /// <summary>All, kind by kind.</summary>
    public IEnumerable<SyncedResource> Enumerate() => _kinds.Values.SelectMany(k => k.Values);

    /// <summary>The set after these changes, in their order.</summary>
    public ResourceSet With(IEnumerable<Change> changes, ulong generation)
    {
        var edit = new Edit(_kinds, Hash);
        foreach (var change in changes)
        {
            if (change.Put is { } put)
            {
                edit.Put(Of(put));
            }
            else if (change.Delete is { } key)
            {
                edit.Delete(new(key.Kind, key.Id));
            }
        }

        return edit.End(generation);
    }

    /// <summary>A set of these resources.</summary>
    public static ResourceSet Create(IEnumerable<Resource> resources, ulong generation)
    {
        var edit = new Edit(Empty._kinds, StateHash.Empty);
        foreach (var resource in resources)
        {
            edit.Put(Of(resource));
        }

        return edit.End(generation);
    }

    private static SyncedResource Of(Resource resource) =>
        new(
            new(resource.Kind, resource.Id),
            resource.Body,
            resource.RequiredFeatures.Count == 0 ? [] : [.. resource.RequiredFeatures]
        );

    private sealed class Edit(
        ImmutableSortedDictionary<uint, ImmutableDictionary<ByteString, SyncedResource>> kinds,
        StateHash hash
    )
    {
        private readonly Dictionary<
            uint,
            ImmutableDictionary<ByteString, SyncedResource>.Builder
        > _edited = [];

        private StateHash _hash = hash;

        public void Put(SyncedResource resource)
        {
            Delete(resource.Key);
            Kind(resource.Key.Kind)[resource.Key.Id] = resource;
            _hash = _hash.Add(HashOf(resource));
        }

        public void Delete(ResourceKey key)
        {
            var kind = Kind(key.Kind);
            if (kind.TryGetValue(key.Id, out var old))
            {
                kind.Remove(key.Id);
                _hash = _hash.Subtract(HashOf(old));
            }
        }

        public ResourceSet End(ulong generation)
        {
            var builder = kinds.ToBuilder();
            foreach (var (kind, edited) in _edited)
            {
                builder[kind] = edited.ToImmutable();
            }

            return new(builder.ToImmutable(), generation, _hash);
        }

        private ImmutableDictionary<ByteString, SyncedResource>.Builder Kind(uint kind)
        {
            if (!_edited.TryGetValue(kind, out var builder))
            {
                builder = kinds.GetValueOrDefault(kind, NoneOfAKind).ToBuilder();
                _edited[kind] = builder;
            }

            return builder;
        }

        private static StateHash HashOf(SyncedResource resource) =>
            StateHash.Of(resource.Key.Kind, resource.Key.Id.Span, resource.Body.Span);
    }
}
