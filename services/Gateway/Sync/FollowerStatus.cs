namespace ApiSvc.Gateway.Sync;

/// <summary>Where a follower is.</summary>
/// <param name="HasState">Whether a state is in force.</param>
/// <param name="Applied">The generation that answers calls.</param>
/// <param name="Durable">The generation that is on disk.</param>
/// <param name="AppliedAt">When that became so.</param>
/// <param name="IsConnected">Whether the log is followed just now.</param>
/// <param name="HeardAt">When the log was last heard of; null: never since the start.</param>
/// <param name="Quarantined">What is set aside.</param>
/// <param name="Refused">Why a newer state was refused as a whole; null if none was.</param>
/// <param name="Damage">What was not whole on disk at the start, until a state has been written since.</param>
internal sealed record FollowerStatus(
    bool HasState,
    ulong Applied,
    ulong Durable,
    DateTimeOffset? AppliedAt,
    bool IsConnected,
    DateTimeOffset? HeardAt,
    IReadOnlyList<Quarantined> Quarantined,
    string? Refused,
    IReadOnlyList<string> Damage
)
{
    public static FollowerStatus None { get; } =
        new(
            HasState: false,
            0,
            0,
            AppliedAt: null,
            IsConnected: false,
            HeardAt: null,
            [],
            Refused: null,
            []
        );
}
