using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.AiAdapter.Money;

/// <summary>Reads what budgets have used.</summary>
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
        await using var db = await database.OpenConnectionAsync();
        if (await BudgetRow.Table.FindAsync(db, team, id) is not { } row)
        {
            return ApiProblem.NotFound;
        }

        if (!BudgetRule.TryRead(row, out var rule))
        {
            return ApiProblem.Conflict(
                "unknown-kind",
                "The budget is of a kind that this build does not know: nothing is counted by it."
            );
        }

        var hold = new Hold(rule, rule.StartOf(time.GetUtcNow()), 0);
        var use =
            await db.QuerySingleOrDefaultAsync<UseRow>(
                "select used, soft_reached_at, hard_reached_at from budget_use where budget_id = @id and starts_at = @Start",
                new { id, hold.Start }
            ) ?? new();
        var isMoney = rule.Unit == BudgetUnit.Money;
        var reserved = rule.Hard is null ? null : await counters.ReservedAsync(hold);
        return new BudgetUseDocument(
            hold.Start,
            hold.End,
            isMoney ? use.Used / PicoPerMicro : use.Used,
            isMoney ? reserved / NanoPerMicro : reserved,
            row.Soft,
            row.Hard,
            use.SoftReachedAt,
            use.HardReachedAt
        );
    }

    private sealed record UseRow
    {
        public decimal Used { get; init; }

        public DateTimeOffset? SoftReachedAt { get; init; }

        public DateTimeOffset? HardReachedAt { get; init; }
    }
}
