using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>What an audit entry looks like on <c>apisvc.audit</c>: the one place that knows.</summary>
internal static class AuditEventFormat
{
    public const string Topic = "apisvc.audit";

    // The key is not the service: entries about different objects need not wait for each other, and the position in
    // the chain tells their order.
    public static OutboxEvent ToEvent(ServiceIdentity service, AuditRecord entry, byte[] hash) =>
        OutboxEvent.Of(Topic, entry.ObjectId, ToMessage(service, entry, hash));

    private static AuditEvent ToMessage(ServiceIdentity service, AuditRecord entry, byte[] hash) =>
        new()
        {
            Service = service.Name,
            Position = (ulong)entry.Position,
            Id = Bytes(entry.Id),
            Time = entry.Time.ToTimestamp(),
            ActorKind = entry.ActorKind,
            Actor = entry.Actor,
            ClientId = entry.ClientId ?? "",
            ClientAddress = entry.Address ?? "",
            Action = entry.Action,
            ObjectKind = entry.ObjectKind,
            ObjectId = entry.ObjectId,
            TeamId = entry.Team is { } team ? Bytes(team) : ByteString.Empty,
            Result = entry.Result,
            Before = entry.Before ?? "",
            After = entry.After ?? "",
            TraceId = entry.TraceId ?? "",
            Hash = ByteString.CopyFrom(hash),
        };

    private static ByteString Bytes(Guid id) =>
        ByteString.CopyFrom(id.ToByteArray(bigEndian: true));
}
