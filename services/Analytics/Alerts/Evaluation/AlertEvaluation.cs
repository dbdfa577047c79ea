using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Leadership;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.Evaluation;

/// <summary>Has rules evaluated, and takes away what is old.</summary>
internal sealed class AlertEvaluation(
    LeaderElection election,
    EvaluationRound round,
    NpgsqlDataSource database,
    DatabaseReady ready,
    IOptions<AlertOptions> options,
    TimeProvider time
) : LeaderService("alert-evaluation", election)
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        await ready.WaitAsync(cancellationToken);
        var swept = DateTimeOffset.MinValue;
        while (true)
        {
            await round.RunAsync(cancellationToken);
            if (time.GetUtcNow() - swept >= SweepInterval)
            {
                await SweepAsync(cancellationToken);
                swept = time.GetUtcNow();
            }

            await Task.Delay(options.Value.Interval, time, cancellationToken);
        }
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await db.ExecuteAsync(
            """
            delete from alert_delivery where status <> 'Waiting' and ended_at < @deliveries;
            delete from alert_change where time < @history;
            delete from alert_silence where ends_at < @history;
            """,
            new
            {
                deliveries = now - options.Value.DeliveryRetention,
                history = now - options.Value.HistoryRetention,
            }
        );
    }
}
