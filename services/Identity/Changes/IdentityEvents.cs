using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Outbox;
using Google.Protobuf;

namespace ApiSvc.Identity.Changes;

/// <summary>The topic <c>apisvc.identity</c>.</summary>
internal static class IdentityEvents
{
    public const string Topic = "apisvc.identity";

    /// <summary>Tells of a team, or of what belongs to it.</summary>
    public static void Tell(this UnitOfWork work, Guid team, IMessage message) =>
        work.AddEvent(OutboxEvent.Of(Topic, new Id<TeamKind>(team).ToString(), message));

    /// <summary>Tells of what belongs to no team.</summary>
    public static void Tell(this UnitOfWork work, string? key, IMessage message) =>
        work.AddEvent(OutboxEvent.Of(Topic, key, message));
}
