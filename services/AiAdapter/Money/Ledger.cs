using System.Threading.Channels;
using ApiSvc.ServiceDefaults.Data;
using Npgsql;

namespace ApiSvc.AiAdapter.Money;

/// <summary>
/// Writes what calls came to: all that end at about the same time in one transaction. While the database is away entries wait,
/// and at the end of the process they are written first.
/// </summary>
internal sealed partial class Ledger(
    IServiceScopeFactory scopes,
    DatabaseReady ready,
    TimeProvider time,
    ILogger<Ledger> logger
) : BackgroundService
{
    private const int Batch = 500;

    // Past this the process would die of what it keeps. The calls that came first stay.
    private const int MostWaiting = 200_000;

    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));
    private readonly Channel<LedgerEntry> _entries = Channel.CreateBounded<LedgerEntry>(
        new BoundedChannelOptions(MostWaiting) { SingleReader = true }
    );

    /// <summary>Adds an entry; <see cref="LedgerEntry.Written"/> tells when it is safe.</summary>
    public void Add(LedgerEntry entry)
    {
        if (!_entries.Writer.TryWrite(entry))
        {
            Log.Lost(logger, entry.Id, entry.Caller.CallId, entry.Tokens, entry.Pico, "no room");
            entry.End(written: false);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _entries.Writer.TryComplete();
        if (ExecuteTask is { } writing && ready.IsReady)
        {
            // What has been settled is written, as long as the host waits.
            await writing
                .WaitAsync(cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        List<LedgerEntry> batch = [];
        while (await _entries.Reader.WaitToReadAsync(stoppingToken))
        {
            while (batch.Count < Batch && _entries.Reader.TryRead(out var entry))
            {
                batch.Add(entry);
            }

            await WriteAsync(batch, stoppingToken);
            batch.Clear();
        }
    }

    // Until it is written. Written twice is written once: entries have ids of their own.
    private async Task WriteAsync(List<LedgerEntry> batch, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await TryWriteAsync(batch, cancellationToken);
                _backoff.Reset();
                batch.ForEach(entry => entry.End(written: true));
                return;
            }
            catch (PostgresException e) when (IsOfTheData(e))
            {
                await WriteAloneAsync(batch, e, cancellationToken);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                var pause = _backoff.Next();
                Log.Waits(logger, e, batch.Count, pause);
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    // One that cannot be written must not keep the others from it.
    private async Task WriteAloneAsync(
        List<LedgerEntry> batch,
        PostgresException reason,
        CancellationToken cancellationToken
    )
    {
        if (batch.Count == 1)
        {
            var (entry, call) = (batch[0], batch[0].Caller.CallId);
            Log.Lost(logger, entry.Id, call, entry.Tokens, entry.Pico, reason.MessageText);
            entry.End(written: false);
            return;
        }

        foreach (var entry in batch)
        {
            await WriteAsync([entry], cancellationToken);
        }
    }

    private async Task TryWriteAsync(List<LedgerEntry> batch, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<LedgerBook>()
            .WriteAsync(batch, cancellationToken);
    }

    // Data exceptions, and integrity other than a budget that is deleted at this moment, which a repeat leaves out.
    private static bool IsOfTheData(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal)
        || (
            e.SqlState.StartsWith("23", StringComparison.Ordinal)
            && e.SqlState != PostgresErrorCodes.ForeignKeyViolation
        );

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "{Count} entries of the ledger wait for {Pause}: the database does not take them"
        )]
        public static partial void Waits(
            ILogger logger,
            Exception exception,
            int count,
            TimeSpan pause
        );

        [LoggerMessage(
            LogLevel.Critical,
            "Entry {Entry} of the ledger is lost: call {Call}, {Tokens} tokens, {Pico} pico-units: {Reason}"
        )]
        public static partial void Lost(
            ILogger logger,
            Guid entry,
            Guid call,
            long tokens,
            long? pico,
            string reason
        );
    }
}
