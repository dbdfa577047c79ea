using ApiSvc.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.AiAdapter.Money;

/// <summary>Brings the counters of windows that are in use up to the ledger, which is right where they differ.</summary>
internal sealed partial class BudgetReconciler(
    LocalShares shares,
    BudgetSums sums,
    RedisCounters counters,
    DatabaseReady ready,
    IOptions<BudgetOptions> options,
    TimeProvider time,
    ILogger<BudgetReconciler> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Value.Reconcile, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await ReconcileAsync();
            }
            catch (NpgsqlException e)
            {
                Log.Away(logger, e.Message);
            }
        }
    }

    internal async Task ReconcileAsync()
    {
        var windows = shares.Windows().Where(hold => hold.InLedger).ToList();
        if (windows.Count == 0)
        {
            return;
        }

        var used = await sums.FindAsync(windows);
        foreach (var hold in windows.Where(hold => used.ContainsKey(hold.Key)))
        {
            await counters.RaiseAsync(hold, used[hold.Key]);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Counters are not brought up to the ledger: {Reason}")]
        public static partial void Away(ILogger logger, string reason);
    }
}
