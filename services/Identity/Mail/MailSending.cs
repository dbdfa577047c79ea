using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Leadership;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.Mail;

/// <summary>Sends what waits, one after the other; what fails is tried again for most of a day.</summary>
internal sealed partial class MailSending(
    LeaderElection election,
    MailQueue queue,
    IMailTransport transport,
    MailMetrics metrics,
    DatabaseReady ready,
    IOptions<MailOptions> options,
    TimeProvider time,
    ILogger<MailSending> logger
) : LeaderService("mail-sending", election)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);
    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    /// <summary>The pauses after failed attempts, 20 hours in all; after the last the e-mail is dead.</summary>
    public static IReadOnlyList<TimeSpan> Pauses { get; } =
    [
        TimeSpan.FromSeconds(10),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromMinutes(2),
        TimeSpan.FromMinutes(5),
        TimeSpan.FromMinutes(15),
        TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(2),
        TimeSpan.FromHours(4),
        TimeSpan.FromHours(6),
        TimeSpan.FromHours(6),
    ];

    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        await ready.WaitAsync(cancellationToken);
        if (!options.Value.IsSet)
        {
            Log.NoWayOut(logger);
        }

        var swept = DateTimeOffset.MinValue;
        while (true)
        {
            if (time.GetUtcNow() - swept >= SweepInterval)
            {
                await queue.SweepAsync(Kept, cancellationToken);
                swept = time.GetUtcNow();
            }

            await SendDueAsync(cancellationToken);
            metrics.Waiting(await queue.CountWaitingAsync(cancellationToken));
            await Task.Delay(options.Value.PollInterval, time, cancellationToken);
        }
    }

    /// <summary>Sends all that is due.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
    {
        // Every step of a conversation may take the timeout, and there are some six.
        var lease = options.Value.Timeout * 10;
        while (options.Value.IsSet && await queue.ClaimAsync(lease, cancellationToken) is { } job)
        {
            await SendAsync(job, cancellationToken);
        }
    }

    private async Task SendAsync(MailJob job, CancellationToken cancellationToken)
    {
        if (job.Content is not { } content)
        {
            await GiveUpAsync(job, job.Detail, cancellationToken);
            return;
        }

        try
        {
            var message = MailMessages.Write(job, content, options.Value.Sender);
            await transport.SendAsync(message, cancellationToken);
        }
        catch (MailRefusedException e)
        {
            await GiveUpAsync(job, e.Message, cancellationToken);
            return;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            await FailAsync(job, e, cancellationToken);
            return;
        }

        await queue.SentAsync(job.Id, cancellationToken);
        metrics.Sent();
    }

    private async Task FailAsync(MailJob job, Exception e, CancellationToken cancellationToken)
    {
        metrics.Failed();
        if (job.Attempt > Pauses.Count)
        {
            await GiveUpAsync(job, e.Message, cancellationToken);
            return;
        }

        var pause = Pauses[job.Attempt - 1];
        Log.Failed(logger, e, job.Id, job.Attempt, pause);
        await queue.RetryAsync(job.Id, pause, e.Message, cancellationToken);
    }

    private async Task GiveUpAsync(MailJob job, string why, CancellationToken cancellationToken)
    {
        await queue.DeadAsync(job.Id, why, cancellationToken);
        metrics.Dead();
        Log.Dead(logger, job.Id, job.Attempt, why);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Neither Mail:Host nor Mail:Folder is set: e-mail waits until one is"
        )]
        public static partial void NoWayOut(ILogger logger);

        [LoggerMessage(
            LogLevel.Warning,
            "E-mail {Id} was not sent at attempt {Attempt}; next try in {Pause}"
        )]
        public static partial void Failed(
            ILogger logger,
            Exception exception,
            Guid id,
            int attempt,
            TimeSpan pause
        );

        [LoggerMessage(LogLevel.Error, "E-mail {Id} is given up at attempt {Attempt}: {Why}")]
        public static partial void Dead(ILogger logger, Guid id, int attempt, string why);
    }
}
