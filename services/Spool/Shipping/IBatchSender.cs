namespace ApiSvc.Spool.Shipping;

/// <summary>Takes batches to Kafka.</summary>
internal interface IBatchSender
{
    /// <summary>Returns when Kafka has the batch, or it is known that it has it not.</summary>
    Task<SendOutcome> SendAsync(Batch batch, CancellationToken cancellationToken);
}

/// <summary>What became of a batch.</summary>
/// <param name="Status">Whether Kafka has it.</param>
/// <param name="Reason">Why not.</param>
internal sealed record SendOutcome(SendStatus Status, string Reason = "")
{
    public static SendOutcome Acknowledged { get; } = new(SendStatus.Acknowledged);
}

internal enum SendStatus
{
    Acknowledged,

    /// <summary>Kafka is away or does not want it now; it may have it all the same.</summary>
    Unavailable,

    /// <summary>Kafka does not take messages of that length.</summary>
    TooLarge,
}
