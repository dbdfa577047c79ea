using ApiSvc.ServiceDefaults.Leadership;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.AiAdapter.Money;

/// <summary>Forgets entries of the ledger, and windows of budgets, that are older than they are kept.</summary>
internal sealed class LedgerTrimmer(
    NpgsqlDataSource database,
    LeaderElection election,
    IOptions<BudgetOptions> options,
    TimeProvider time
) : LeaderService("ledger-trimmer", election)
{
    // So many at once that no lock is held for long.
    private const int Batch = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    internal async Task TrimAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.Value.KeepLedger;
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await db.ExecuteAsync("delete from budget_use where starts_at < @before", new { before });
        int count;
        do
        {
            count = await db.ExecuteAsync(
                new CommandDefinition(
                    "delete from ledger where id in (select id from ledger where time < @before limit @Batch)",
                    new { before, Batch },
                    cancellationToken: cancellationToken
                )
            );
        } while (count == Batch);
    }

    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            await TrimAsync(cancellationToken);
            await Task.Delay(Interval, time, cancellationToken);
        }
    }
}
