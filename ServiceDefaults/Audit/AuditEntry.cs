using System.Net;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>How an audited action ended.</summary>
public enum AuditResult
{
    /// <summary>It was done.</summary>
    Succeeded,

    /// <summary>The caller was not allowed to.</summary>
    Denied,

    /// <summary>It was allowed and could not be done.</summary>
    Failed,
}

/// <summary>Who did what to which object, from where, and how it ended.</summary>
public sealed record AuditEntry
{
    /// <summary>Who.</summary>
    public required Caller Caller { get; init; }

    /// <summary>The client's address as the edge determined it; null for background jobs.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>What, as object and verb: <c>api.create</c>.</summary>
    public required string Action { get; init; }

    /// <summary>The kind of object: <c>api</c>.</summary>
    public required string ObjectKind { get; init; }

    /// <summary>The object's public id.</summary>
    public required string ObjectId { get; init; }

    /// <summary>The team that the object belongs to, if any.</summary>
    public Guid? Team { get; init; }

    /// <summary>How it ended.</summary>
    public AuditResult Result { get; init; } = AuditResult.Succeeded;

    /// <summary>The object before, of any type; secrets are left out (<see cref="Configuration.SecretAttribute"/>).</summary>
    public object? Before { get; init; }

    /// <summary>The object after, of any type; secrets are left out (<see cref="Configuration.SecretAttribute"/>).</summary>
    public object? After { get; init; }
}
