using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Gateway.Sync;
using Google.Protobuf;
using ResourceKey = ApiSvc.Gateway.Sync.ResourceKey;

namespace ApiSvc.Gateway.Tests.Sync;

/// <summary>Resources and messages as the other side sends them.</summary>
internal static class Resources
{
    public static Change Put(string id, string body, uint kind = 1) =>
        new()
        {
            Put = new()
            {
                Kind = kind,
                Id = ByteString.CopyFromUtf8(id),
                Body = ByteString.CopyFromUtf8(body),
            },
        };

    public static Change Delete(string id, uint kind = 1) =>
        new()
        {
            Delete = new() { Kind = kind, Id = ByteString.CopyFromUtf8(id) },
        };

    /// <summary>The next generation.</summary>
    public static ResourceSet Next(this ResourceSet set, params IReadOnlyList<Change> changes) =>
        set.With(changes, set.Generation + 1);

    public static ByteString HashBytes(this ResourceSet set) =>
        ByteString.CopyFrom(set.Hash.ToArray());

    public static Dictionary<ResourceKey, string> Content(this ResourceSet set) =>
        set.Enumerate().ToDictionary(r => r.Key, r => r.Body.ToStringUtf8());

    public static void ShouldEqual(this ResourceSet set, ResourceSet other)
    {
        set.Generation.ShouldBe(other.Generation);
        set.Hash.ShouldBe(other.Hash);
        set.Content().ShouldBe(other.Content(), ignoreOrder: true);
    }

    public static Update Snapshot(this ResourceSet set) =>
        new()
        {
            Snapshot = new()
            {
                Generation = set.Generation,
                First = true,
                Last = true,
                Hash = set.HashBytes(),
                Resources = { set.Enumerate().Select(MessageOf) },
            },
        };

    public static Update Delta(
        this ResourceSet set,
        ResourceSet from,
        params IReadOnlyList<Change> changes
    ) =>
        new()
        {
            Delta = new()
            {
                FromGeneration = from.Generation,
                ToGeneration = set.Generation,
                Hash = set.HashBytes(),
                Changes = { changes },
            },
        };

    public static Update CaughtUp(this ResourceSet set) =>
        new()
        {
            CaughtUp = new() { Generation = set.Generation, Hash = set.HashBytes() },
        };

    private static Resource MessageOf(SyncedResource resource) =>
        new()
        {
            Kind = resource.Key.Kind,
            Id = resource.Key.Id,
            Body = resource.Body,
            RequiredFeatures = { resource.RequiredFeatures },
        };
}
