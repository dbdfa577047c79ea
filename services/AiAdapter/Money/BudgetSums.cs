using Dapper;
using Npgsql;

namespace ApiSvc.AiAdapter.Money;

/// <summary>What the ledger says that windows have used.</summary>
internal sealed partial class BudgetSums(NpgsqlDataSource database, ILogger<BudgetSums> logger)
{
    /// <summary>
    /// In the budget's grains. Nothing while the database is away: the counters are brought up to the ledger when it is back,
    /// which is better than no calls at all.
    /// </summary>
    public async Task<long> FindAsync(Hold hold)
    {
        if (!hold.InLedger)
        {
            return 0;
        }

        try
        {
            return (await FindAsync([hold])).GetValueOrDefault(hold.Key);
        }
        catch (NpgsqlException e)
        {
            Log.Unknown(logger, e, hold.Rule.Id, hold.Start);
            return 0;
        }
    }

    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<IReadOnlyDictionary<WindowKey, long>> FindAsync(IReadOnlyList<Hold> holds)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<SumRow>(
            """
            select budget_id, starts_at, used from budget_use
            where (budget_id, starts_at) in (select * from unnest(@budgets, @starts))
            """,
            new
            {
                budgets = holds.Select(h => h.Rule.Id).ToArray(),
                starts = holds.Select(h => h.Start).ToArray(),
            }
        );
        var used = rows.ToDictionary(r => new WindowKey(r.BudgetId, r.StartsAt), r => r.Used);
        return holds
            .Where(h => used.ContainsKey(h.Key))
            .ToDictionary(h => h.Key, h => h.Rule.GrainsOf(used[h.Key]));
    }

    private sealed record SumRow
    {
        public Guid BudgetId { get; init; }

        public DateTimeOffset StartsAt { get; init; }

        public decimal Used { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The ledger does not say what budget {Budget} has used since {Start}: it counts from nothing until it does"
        )]
        public static partial void Unknown(
            ILogger logger,
            Exception exception,
            Guid budget,
            DateTimeOffset start
        );
    }
}
