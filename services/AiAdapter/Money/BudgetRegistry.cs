using ApiSvc.AiAdapter.Outcomes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;
using Npgsql;

namespace ApiSvc.AiAdapter.Money;

/// <summary>Budgets of teams.</summary>
internal sealed class BudgetRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    UuidGenerator ids,
    TimeProvider time
) : TeamRegistry<BudgetRow>(BudgetRow.Table, "ai-budget", "budget", work, database)
{
    public Task<Outcome<BudgetRow>> CreateAsync(Guid team, BudgetInput input, Actor actor) =>
        InsertAsync(
            new BudgetRow
            {
                Id = ids.Next(),
                TeamId = team,
                Version = 1,
                CreatedAt = time.GetStoredNow(),
            }.With(input),
            actor
        );

    /// <summary>Changes name and thresholds. What is used of its window stays used.</summary>
    public Task<Outcome<BudgetRow>> UpdateAsync(
        Guid team,
        Guid id,
        BudgetInput input,
        Precondition precondition,
        Actor actor
    ) =>
        UpdateAsync(
            team,
            id,
            precondition,
            actor,
            (_, before) =>
            {
                var after = before.With(input) with { Version = before.Version + 1 };
                return Task.FromResult<Outcome<BudgetRow>>(
                    (after.Scope, after.Target, after.Unit, after.Currency, after.WindowKind)
                    == (
                        before.Scope,
                        before.Target,
                        before.Unit,
                        before.Currency,
                        before.WindowKind
                    )
                        ? after
                        : ApiProblem.Conflict(
                            "counts-otherwise",
                            "Scope, target, unit, currency and window stay: what was counted would mean something else. Make another budget."
                        )
                );
            }
        );
}
