using System.Text.Json;
using System.Text.Json.Nodes;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Outbox;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>What an audit entry looks like on <c>apisvc.audit</c>: the one place that knows.</summary>
internal static class AuditEventFormat
{
    public const string Topic = "apisvc.audit";
    public const string Type = "apisvc.audit.v1.AuditEvent";

    public static OutboxEvent ToEvent(ServiceIdentity service, AuditRecord entry, byte[] hash) =>
        new()
        {
            Topic = Topic,
            // Not the service: entries about different objects need not wait for each other, and the chain's
            // position tells their order.
            Key = entry.ObjectId,
            Type = Type,
            ContentType = "application/json",
            Payload = JsonSerializer.SerializeToUtf8Bytes(
                new JsonObject
                {
                    ["service"] = service.Name,
                    ["position"] = entry.Position,
                    ["id"] = entry.Id,
                    ["time"] = entry.Time,
                    ["actorKind"] = entry.ActorKind,
                    ["actor"] = entry.Actor,
                    ["clientId"] = entry.ClientId,
                    ["address"] = entry.Address,
                    ["action"] = entry.Action,
                    ["objectKind"] = entry.ObjectKind,
                    ["objectId"] = entry.ObjectId,
                    ["team"] = entry.Team,
                    ["result"] = entry.Result,
                    ["before"] = Parse(entry.Before),
                    ["after"] = Parse(entry.After),
                    ["traceId"] = entry.TraceId,
                    ["hash"] = Convert.ToHexStringLower(hash),
                }
            ),
        };

    private static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);
}
