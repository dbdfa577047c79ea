using ApiSvc.ServiceDefaults.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.Leadership;

/// <summary>
/// A background job that one instance of the service does at a time. The leader holds a Postgres advisory lock;
/// the others ask for it until it is free. A leader that loses its connection stops within a heartbeat.
/// </summary>
/// <param name="job">Names the lock and the metrics; the same in every instance: <c>outbox-relay</c>.</param>
/// <param name="election">Shared by the jobs of a process.</param>
public abstract partial class LeaderService(string job, LeaderElection election) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The job, for as long as this instance leads. When it returns or throws, the lock is given up and asked for
    /// again after a while.
    /// </summary>
    /// <param name="leader">Runs what a former leader must not do any more.</param>
    /// <param name="cancellationToken">Cancelled when the lock is lost and when the service stops.</param>
    protected abstract Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    );

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(election.Options.Contend, LongestPause);
        while (!stoppingToken.IsCancellationRequested)
        {
            var pause = election.Options.Contend;
            try
            {
                if (await election.TryAcquireAsync(job, stoppingToken) is { } leader)
                {
                    await LeadAsync(leader, stoppingToken);
                }

                backoff.Reset();
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                pause = backoff.Next();
                Log.Failed(election.Logger, e, job, pause);
            }

            await Task.Delay(pause, election.Time, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task LeadAsync(LeaderConnection leader, CancellationToken stoppingToken)
    {
        election.Count(job, 1);
        Log.Leads(election.Logger, job);
        try
        {
            await using (leader)
            {
                using var term = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var heartbeat = HeartbeatAsync(leader, term);
                try
                {
                    await ExecuteAsLeaderAsync(leader, term.Token);
                }
                catch (OperationCanceledException) when (term.IsCancellationRequested)
                {
                    // Asked to stop, by the host or by the heartbeat, which has logged why.
                }
                finally
                {
                    await term.CancelAsync();
                    await heartbeat;
                }
            }
        }
        finally
        {
            election.Count(job, -1);
            Log.Resigned(election.Logger, job);
        }
    }

    private async Task HeartbeatAsync(LeaderConnection leader, CancellationTokenSource term)
    {
        try
        {
            while (true)
            {
                await Task.Delay(election.Options.Heartbeat, election.Time, term.Token);
                await leader.HeartbeatAsync(election.Options.HeartbeatTimeout, term.Token);
            }
        }
        catch (OperationCanceledException) when (term.IsCancellationRequested)
        {
            // The term is over.
        }
        catch (Exception e)
        {
            Log.Lost(election.Logger, e, job);
            await term.CancelAsync();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Leads {Job}")]
        public static partial void Leads(ILogger logger, string job);

        [LoggerMessage(Level = LogLevel.Information, Message = "Leads {Job} no more")]
        public static partial void Resigned(ILogger logger, string job);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Lost the lock of {Job}")]
        public static partial void Lost(ILogger logger, Exception exception, string job);

        [LoggerMessage(Level = LogLevel.Error, Message = "{Job} failed; next try in {Pause}")]
        public static partial void Failed(
            ILogger logger,
            Exception exception,
            string job,
            TimeSpan pause
        );
    }
}
