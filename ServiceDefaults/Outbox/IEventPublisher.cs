namespace ApiSvc.ServiceDefaults.Outbox;

/// <summary>Where the outbox relay hands events to.</summary>
public interface IEventPublisher
{
    /// <summary>
    /// Sends a batch and waits until the fate of each event is known. No two events of a batch share topic and key.
    /// </summary>
    /// <returns>One outcome per event, in the same order. Failures are outcomes, not exceptions.</returns>
    Task<IReadOnlyList<PublishOutcome>> PublishAsync(
        IReadOnlyList<OutboxMessage> batch,
        CancellationToken cancellationToken
    );
}

/// <summary>What became of an event.</summary>
public enum PublishStatus
{
    /// <summary>Kept by the receiver.</summary>
    Acknowledged,

    /// <summary>Not kept, or not known to be: to be sent again.</summary>
    Unavailable,

    /// <summary>Never acceptable, however often it is sent.</summary>
    Rejected,
}

/// <summary>What became of an event, and why.</summary>
public readonly record struct PublishOutcome(PublishStatus Status, string? Reason = null)
{
    /// <summary>Kept by the receiver.</summary>
    public static PublishOutcome Acknowledged { get; } = new(PublishStatus.Acknowledged);
}
