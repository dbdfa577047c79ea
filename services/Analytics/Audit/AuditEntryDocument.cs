using System.Text.Json;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Analytics.Audit;

/// <summary>Who did what to which object, from where, and how it ended.</summary>
internal sealed record AuditEntryDocument
{
    public required Guid Id { get; init; }

    public required DateTimeOffset Time { get; init; }

    /// <summary>The service that wrote it.</summary>
    public required string Service { get; init; }

    /// <summary>Place in the service's chain, from 1 without gaps.</summary>
    public required long Position { get; init; }

    /// <summary><c>user</c>, <c>client</c>, <c>service</c> or <c>system</c>.</summary>
    public required string ActorKind { get; init; }

    public required string Actor { get; init; }

    public string? ClientId { get; init; }

    public string? ClientAddress { get; init; }

    /// <summary>Such as <c>api.update</c>.</summary>
    public required string Action { get; init; }

    public required string ObjectKind { get; init; }

    public required string ObjectId { get; init; }

    public Id<TeamKind>? TeamId { get; init; }

    /// <summary><c>succeeded</c>, <c>denied</c> or <c>failed</c>.</summary>
    public required string Result { get; init; }

    /// <summary>The object before, less secrets.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>The object after, less secrets.</summary>
    public JsonElement? After { get; init; }

    public string? TraceId { get; init; }

    /// <summary>SHA-256 over the hash of the entry before and this one, in hexadecimal digits.</summary>
    public required string Hash { get; init; }
}
