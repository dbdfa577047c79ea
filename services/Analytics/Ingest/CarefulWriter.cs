using ApiSvc.Analytics.Records;
using Npgsql;

namespace ApiSvc.Analytics.Ingest;

/// <summary>
/// Writes a batch, and message by message if the database refuses what it holds: something that it will never take must
/// not stop what comes after it. That message is set aside.
/// </summary>
internal sealed partial class CarefulWriter(BatchWriter writer, ILogger<CarefulWriter> logger)
{
    /// <inheritdoc cref="BatchWriter.WriteAsync(IReadOnlyList{CallMessage}, CancellationToken)" />
    public async Task WriteAsync(
        IReadOnlyList<CallMessage> batch,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await writer.WriteAsync(batch, cancellationToken);
        }
        catch (PostgresException e) when (IsAboutData(e))
        {
            Log.Refused(logger, e, batch.Count);
            await WriteSinglyAsync(batch, cancellationToken);
        }
    }

    private async Task WriteSinglyAsync(
        IReadOnlyList<CallMessage> batch,
        CancellationToken cancellationToken
    )
    {
        foreach (var message in batch)
        {
            try
            {
                await writer.WriteAsync([message], cancellationToken);
            }
            catch (PostgresException e) when (IsAboutData(e))
            {
                var faulty = message.AsFaulty(
                    $"The database refuses it: {e.SqlState} {e.MessageText}"
                );
                await writer.WriteAsync([faulty], cancellationToken);
            }
        }
    }

    // Data exceptions and violated constraints (PostgreSQL's documentation, appendix A).
    private static bool IsAboutData(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal)
        || (
            e.SqlState.StartsWith("23", StringComparison.Ordinal)
            // No partition for a row: another instance has just dropped it, and it is made again.
            && e.SqlState != PostgresErrorCodes.CheckViolation
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The database refuses a batch of {Messages} messages; they are taken one by one"
        )]
        public static partial void Refused(ILogger logger, Exception exception, int messages);
    }
}
