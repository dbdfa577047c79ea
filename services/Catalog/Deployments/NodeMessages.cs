using ApiSvc.Catalog.Plans;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Sync;
using Google.Protobuf.WellKnownTypes;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Deployments;

/// <summary>A gateway's process.</summary>
internal sealed record NodeDocument(
    string Name,
    string Build,
    bool Connected,
    ulong AppliedGeneration,
    ulong DurableGeneration,
    IReadOnlyList<QuarantinedDocument> Quarantined,
    RefusedDocument? Refused,
    DateTimeOffset LastSeenAt
);

/// <summary>What a node set aside.</summary>
/// <param name="Id">
/// Of the object that it was compiled from; of what this Catalog does not know, kind and key: <c>77/0192…</c>.
/// </param>
internal sealed record QuarantinedDocument(string Id, string Pointer, string Reason);

/// <summary>A generation that a node did not apply at all.</summary>
internal sealed record RefusedDocument(ulong Generation, string Reason);

/// <summary>Nodes as they are shown.</summary>
internal static class NodeMessages
{
    public static NodeDocument ToDocument(this NodeStatus node) =>
        new(
            node.Node,
            node.Build,
            node.IsLive,
            node.Applied,
            node.Durable,
            [
                .. node.Quarantined.Select(q => new QuarantinedDocument(
                    NameOf(q.Resource),
                    q.Pointer,
                    q.Reason
                )),
            ],
            node.Refusal is { } refusal ? new(refusal.Generation, refusal.Reason) : null,
            node.SeenAt
        );

    public static V1.Node ToMessage(this NodeStatus node)
    {
        var document = node.ToDocument();
        return new()
        {
            Name = document.Name,
            Build = document.Build,
            Connected = document.Connected,
            AppliedGeneration = document.AppliedGeneration,
            DurableGeneration = document.DurableGeneration,
            Quarantined =
            {
                document.Quarantined.Select(q => new V1.QuarantinedResource
                {
                    Id = q.Id,
                    Pointer = q.Pointer,
                    Reason = q.Reason,
                }),
            },
            Refused = document.Refused is { } refused
                ? new() { Generation = refused.Generation, Reason = refused.Reason }
                : null,
            LastSeenAt = document.LastSeenAt.ToTimestamp(),
        };
    }

    private static string NameOf(Contracts.Sync.V1.ResourceKey? key)
    {
        if (key is not { Id.Length: 16 })
        {
            return key is null ? "" : KindAndKey(key);
        }

        var id = new Guid(key.Id.Span, bigEndian: true);
        return (ResourceKind)key.Kind switch
        {
            ResourceKind.Api => new Id<VersionKind>(id).ToString(),
            ResourceKind.Plan => new Id<PlanKind>(id).ToString(),
            ResourceKind.Subscription => new Id<SubscriptionKind>(id).ToString(),
            ResourceKind.Application => new Id<ApplicationKind>(id).ToString(),
            _ => KindAndKey(key),
        };
    }

    private static string KindAndKey(Contracts.Sync.V1.ResourceKey key) =>
        $"{key.Kind}/{Convert.ToHexStringLower(key.Id.Span)}";
}
