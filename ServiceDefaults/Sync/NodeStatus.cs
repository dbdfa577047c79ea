using ApiSvc.Contracts.Sync.V1;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>What is known of a node that follows the log.</summary>
/// <param name="Node">Its name, unique in its group.</param>
/// <param name="Build">Build of its program.</param>
/// <param name="Features">What this build can apply.</param>
/// <param name="IsLive">Whether it follows now, or did a moment ago.</param>
/// <param name="SeenAt">When it was last known to follow.</param>
/// <param name="Applied">The newest generation that answers calls there.</param>
/// <param name="Durable">The newest generation that is on its disk.</param>
/// <param name="Quarantined">Resources that it set aside at <paramref name="Applied"/>.</param>
/// <param name="Refusal">Set if it refused a newer generation as a whole.</param>
public sealed record NodeStatus(
    string Node,
    string Build,
    IReadOnlyList<string> Features,
    bool IsLive,
    DateTimeOffset SeenAt,
    ulong Applied,
    ulong Durable,
    IReadOnlyList<Quarantined> Quarantined,
    Refusal? Refusal
);
