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
    DateTimeOffset LastSeenAt
);

/// <summary>What a node set aside.</summary>
/// <param name="Id">Of the object that it was compiled from.</param>
internal sealed record QuarantinedDocument(string Id, string Pointer, string Reason);

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
            LastSeenAt = document.LastSeenAt.ToTimestamp(),
        };
    }

    private static string NameOf(Contracts.Sync.V1.ResourceKey? key)
    {
        if (key is not { Id.Length: 16 })
        {
            return "";
        }

        var id = new Guid(key.Id.Span, bigEndian: true);
        return (ResourceKind)key.Kind switch
        {
            ResourceKind.Api => new Id<VersionKind>(id).ToString(),
            ResourceKind.Plan => new Id<PlanKind>(id).ToString(),
            ResourceKind.Subscription => new Id<SubscriptionKind>(id).ToString(),
            ResourceKind.Application => new Id<ApplicationKind>(id).ToString(),
            _ => id.ToString(),
        };
    }
}
