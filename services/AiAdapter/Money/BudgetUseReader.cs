using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.AiAdapter.Money;

/// <summary>Reads what budgets have used of their windows of now.</summary>
internal sealed class BudgetUseReader(
    NpgsqlDataSource database,
    RedisCounters counters,
    TimeProvider time
)
{
    private const decimal PicoPerMicro = 1_000_000;
    private const decimal NanoPerMicro = 1000;

    public async Task<Outcome<BudgetUseDocument>> FindAsync(Guid team, Guid id)
    {
        BudgetRow? row;
        await using (var db = await database.OpenConnectionAsync())
        {
            row = await BudgetRow.Table.FindAsync(db, team, id);
        }

        if (row is null)
        {
            return ApiProblem.NotFound;
        }

        return (await ReadAsync([row])).GetValueOrDefault(id) is { } use
            ? use
            : ApiProblem.Conflict(
                "unknown-kind",
                "The budget is of a kind that this build does not know: nothing is counted by it."
            );
    }

    /// <returns>By the budget's id; without those of kinds that this build does not know.</returns>
    public async Task<IReadOnlyDictionary<Guid, BudgetUseDocument>> ReadAsync(
        IReadOnlyList<BudgetRow> rows
    )
    {
        var now = time.GetUtcNow();
        Dictionary<Guid, Hold> holds = [];
        foreach (var row in rows)
        {
            if (BudgetRule.TryRead(row, out var rule))
            {
                holds[row.Id] = new(rule, rule.StartOf(now), 0);
            }
        }

        var uses = await ReadAsync([.. holds.Values]);
        var documents = await Task.WhenAll(
            rows.Where(row => holds.ContainsKey(row.Id))
                .Select(async row =>
                    (
                        row.Id,
                        Use: await ShowAsync(row, holds[row.Id], uses.GetValueOrDefault(row.Id))
                    )
                )
        );
        return documents.ToDictionary(d => d.Id, d => d.Use);
    }

    private async Task<Dictionary<Guid, UseRow>> ReadAsync(IReadOnlyList<Hold> holds)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<UseRow>(
            """
            select * from budget_use where (budget_id, starts_at) in (select * from unnest(@budgets, @starts))
            """,
            new
            {
                budgets = holds.Select(h => h.Rule.Id).ToArray(),
                starts = holds.Select(h => h.Start).ToArray(),
            }
        );
        return rows.ToDictionary(row => row.BudgetId);
    }

    private async Task<BudgetUseDocument> ShowAsync(BudgetRow row, Hold hold, UseRow? use)
    {
        var isMoney = hold.Rule.Unit == BudgetUnit.Money;
        var used = use?.Used ?? 0;
        var reserved = row.Hard is null ? null : await counters.ReservedAsync(hold);
        return new(
            hold.Start,
            hold.End,
            isMoney ? used / PicoPerMicro : used,
            isMoney ? reserved / NanoPerMicro : reserved,
            row.Soft,
            row.Hard,
            use?.SoftReachedAt,
            use?.HardReachedAt
        );
    }

    private sealed record UseRow
    {
        public Guid BudgetId { get; init; }

        public decimal Used { get; init; }

        public DateTimeOffset? SoftReachedAt { get; init; }

        public DateTimeOffset? HardReachedAt { get; init; }
    }
}
