using ApiSvc.Contracts.Sync.V1;
using ApiSvc.ServiceDefaults.Data;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Sync;

/// <summary>Says what was applied, until it was heard; the newest only.</summary>
internal sealed partial class Acknowledger(
    IResourceLogClient log,
    IOptions<SyncOptions> options,
    TimeProvider time,
    ILogger<Acknowledger> logger
) : IDisposable
{
    private readonly SemaphoreSlim _news = new(0, 1);
    private Acknowledgement? _newest;

    /// <summary>Says this, instead of what was not heard yet.</summary>
    public void Say(Acknowledgement acknowledgement)
    {
        if (Interlocked.Exchange(ref _newest, acknowledgement) is null)
        {
            _news.Release();
        }
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(200), options.Value.LongestPause);
        while (true)
        {
            await _news.WaitAsync(cancellationToken);
            var saying = Interlocked.Exchange(ref _newest, null)!;
            try
            {
                var deadline = time.GetUtcNow() + options.Value.AcknowledgeTimeout;
                await log.AcknowledgeAsync(saying, deadline.UtcDateTime, cancellationToken);
                backoff.Reset();
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                var pause = backoff.Next();
                Log.Unheard(logger, e, log.Name, saying.Applied, pause);
                if (Interlocked.CompareExchange(ref _newest, saying, null) is null)
                {
                    _news.Release();
                }

                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    public void Dispose() => _news.Dispose();

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Debug,
            Message = "Generation {Generation} of {Name} could not be acknowledged; next try in {Pause}"
        )]
        public static partial void Unheard(
            ILogger logger,
            Exception exception,
            string name,
            ulong generation,
            TimeSpan pause
        );
    }
}
