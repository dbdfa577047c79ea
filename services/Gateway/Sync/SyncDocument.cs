namespace ApiSvc.Gateway.Sync;

/// <summary>Where the gateway is with a log that it follows, for its operators.</summary>
/// <param name="Name"><c>configuration</c> or <c>credentials</c>.</param>
/// <param name="HasState">Whether a state is in force.</param>
/// <param name="AppliedGeneration">The generation that answers calls.</param>
/// <param name="AppliedAt">Since when.</param>
/// <param name="DurableGeneration">The generation that is on disk.</param>
/// <param name="Connected">Whether the log is followed just now.</param>
/// <param name="HeardAt">When it was last heard of; null: never since the start.</param>
/// <param name="Quarantined">What is set aside.</param>
/// <param name="Refused">Why a newer state was refused as a whole; null if none was.</param>
/// <param name="Damage">What was not whole on disk at the start, until a state has been written since.</param>
internal sealed record SyncDocument(
    string Name,
    bool HasState,
    ulong AppliedGeneration,
    DateTimeOffset? AppliedAt,
    ulong DurableGeneration,
    bool Connected,
    DateTimeOffset? HeardAt,
    IReadOnlyList<SyncDocument.SetAside> Quarantined,
    string? Refused,
    IReadOnlyList<string> Damage
)
{
    /// <param name="Kind">Such as <c>Api</c>; the number of one that this build does not know.</param>
    /// <param name="Id">A UUID, or the key in hexadecimal.</param>
    /// <param name="Pointer">JSON pointer (RFC 6901) into it; empty for the whole.</param>
    /// <param name="Reason">Why, for people.</param>
    internal sealed record SetAside(string Kind, string Id, string Pointer, string Reason);

    public static SyncDocument Of(LogFollower follower)
    {
        var status = follower.Status;
        return new(
            follower.Name,
            status.HasState,
            status.Applied,
            status.AppliedAt,
            status.Durable,
            status.IsConnected,
            status.HeardAt,
            [
                .. status.Quarantined.Select(q => new SetAside(
                    follower.NameOf(q.Resource.Kind),
                    q.Resource.Id.Length == 16
                        ? new Guid(q.Resource.Id.Span, bigEndian: true).ToString()
                        : Convert.ToHexStringLower(q.Resource.Id.Span),
                    q.Pointer,
                    q.Reason
                )),
            ],
            status.Refused,
            status.Damage
        );
    }
}
