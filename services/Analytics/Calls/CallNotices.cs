using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ApiSvc.Analytics.Ingest;
using Npgsql;

namespace ApiSvc.Analytics.Calls;

/// <summary>
/// Hears what any instance takes in, on one connection for all live views of this one, and only while there are any.
/// </summary>
internal sealed partial class CallNotices(
    NpgsqlDataSource database,
    TimeProvider time,
    ILogger<CallNotices> logger
) : BackgroundService
{
    // A view that does not keep up misses some: it is a view, not a record.
    private const int MostWaiting = 100;
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Channel<CallNotice>, bool> _views = new();
    private readonly SemaphoreSlim _wanted = new(0);
    private TaskCompletionSource _listening = Fresh();

    /// <summary>What is taken in from now on. Begins when it is heard.</summary>
    public async IAsyncEnumerable<CallNotice> FollowAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var view = Channel.CreateBounded<CallNotice>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        _views[view] = true;
        _wanted.Release();
        try
        {
            await foreach (var notice in view.Reader.ReadAllAsync(cancellationToken))
            {
                yield return notice;
            }
        }
        finally
        {
            _views.TryRemove(view, out _);
        }
    }

    /// <summary>Completes when notices are heard.</summary>
    public Task WaitUntilHeardAsync(CancellationToken cancellationToken) =>
        _listening.Task.WaitAsync(cancellationToken);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await _wanted.WaitAsync(stoppingToken);
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                Log.Deaf(logger, e, Pause);
                await Task.Delay(Pause, time, stoppingToken);
                _wanted.Release();
            }
            finally
            {
                _listening = Fresh();
            }
        }
    }

    private async Task ListenAsync(CancellationToken stoppingToken)
    {
        await using var db = await database.OpenConnectionAsync(stoppingToken);
        db.Notification += (_, told) => Tell(told.Payload);
        await using (var listen = new NpgsqlCommand($"listen {CallNotice.Channel}", db))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        _listening.TrySetResult();
        while (!_views.IsEmpty)
        {
            await db.WaitAsync(Look, stoppingToken);
        }

        await using var unlisten = new NpgsqlCommand("unlisten *", db);
        await unlisten.ExecuteNonQueryAsync(stoppingToken);
    }

    private void Tell(string payload)
    {
        var notice = CallNotice.Read(payload);
        foreach (var view in _views.Keys)
        {
            view.Writer.TryWrite(notice);
        }
    }

    private static TaskCompletionSource Fresh() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Live views hear nothing; next try in {Pause}")]
        public static partial void Deaf(ILogger logger, Exception exception, TimeSpan pause);
    }
}
