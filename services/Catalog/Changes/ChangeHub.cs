using System.Collections.Concurrent;
using System.Threading.Channels;
using ApiSvc.Catalog.Outcomes;
using Npgsql;

namespace ApiSvc.Catalog.Changes;

/// <summary>
/// Hears of changes that any process of the catalog committed, and tells those who watch. One connection for all of them.
/// Who falls behind, or was deaf for a while, is cut off: it then reads again what it may have missed.
/// </summary>
internal sealed partial class ChangeHub(
    NpgsqlDataSource database,
    TimeProvider time,
    ILogger<ChangeHub> logger
) : BackgroundService
{
    private const int Backlog = 1000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private readonly ConcurrentDictionary<Guid, Channel<ChangeNotice>> _watchers = [];
    private volatile bool _listening;

    /// <summary>Changes from now on. The channel completes when some may have been missed.</summary>
    /// <returns>Null while nothing can be heard.</returns>
    public Watcher? Watch()
    {
        var channel = Channel.CreateBounded<ChangeNotice>(
            new BoundedChannelOptions(Backlog) { FullMode = BoundedChannelFullMode.Wait }
        );
        var watcher = new Watcher(this, Guid.NewGuid(), channel.Reader);
        _watchers[watcher.Id] = channel;
        if (_listening)
        {
            return watcher;
        }

        watcher.Dispose();
        return null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Deaf(logger, e);
            }
            finally
            {
                _listening = false;
                foreach (var id in _watchers.Keys)
                {
                    CutOff(id);
                }
            }

            await Task.Delay(Pause, time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) => Tell(notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {ChangeNotice.Channel}", connection))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        _listening = true;
        while (true)
        {
            await connection.WaitAsync(cancellationToken);
        }
    }

    private void Tell(string payload)
    {
        var notice = Stored.Read<ChangeNotice>(payload);
        foreach (var (id, channel) in _watchers)
        {
            if (!channel.Writer.TryWrite(notice))
            {
                CutOff(id);
            }
        }
    }

    private void CutOff(Guid id)
    {
        if (_watchers.TryRemove(id, out var channel))
        {
            channel.Writer.TryComplete();
        }
    }

    /// <summary>One who watches, until disposed.</summary>
    internal sealed class Watcher(ChangeHub hub, Guid id, ChannelReader<ChangeNotice> changes)
        : IDisposable
    {
        public Guid Id => id;

        public ChannelReader<ChangeNotice> Changes => changes;

        public void Dispose() => hub.CutOff(id);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "No changes can be heard for now")]
        public static partial void Deaf(ILogger logger, Exception exception);
    }
}
