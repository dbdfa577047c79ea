using Microsoft.Extensions.Logging;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Outbox;

/// <summary>Wakes the relay when a transaction with events was committed, or when it is time to look anyway.</summary>
internal sealed partial class OutboxListener(
    NpgsqlDataSource dataSource,
    TimeProvider time,
    ILogger logger
) : IAsyncDisposable
{
    private NpgsqlConnection? _connection;

    /// <summary>
    /// Listens from now on. To be called before the table is read: a notification between reading and waiting is
    /// then kept for the wait.
    /// </summary>
    public async Task ListenAsync(CancellationToken cancellationToken)
    {
        if (_connection is not null)
        {
            return;
        }

        var opened = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var listen = new NpgsqlCommand($"listen {OutboxStore.Channel}", opened);
            await listen.ExecuteNonQueryAsync(cancellationToken);
            _connection = opened;
        }
        finally
        {
            if (_connection is null)
            {
                await opened.DisposeAsync();
            }
        }
    }

    /// <summary>Waits for a notification, at most so long. Without a connection it just waits.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await ListenAsync(cancellationToken);
            await _connection!.WaitAsync(atMost, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            Log.Deaf(logger, e);
            await DisposeAsync();
            await Task.Delay(atMost, time, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is { } closing)
        {
            _connection = null;
            await closing.DisposeAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The outbox relay hears no notifications and polls instead"
        )]
        public static partial void Deaf(ILogger logger, Exception exception);
    }
}
