using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Outbox;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using Threshold = ApiSvc.Contracts.Events.V1.BudgetThresholdReached.Types.Threshold;

namespace ApiSvc.AiAdapter.Money;

/// <summary>
/// Enters calls in the ledger, adds them to the sums of their budgets, and tells of thresholds that were reached: in one
/// transaction, so that each is told once in a window, whichever process gets there.
/// </summary>
internal sealed class LedgerBook(UnitOfWork work, TimeProvider time)
{
    private const string Topic = "apisvc.alerts";

    private const string Enter = """
        with entered as (
          insert into ledger (id, time, call_id, api_team_id, api_id, environment, application_id, application_team_id,
            credential, model, tokens, pico, currency)
          select * from unnest(@ids, @times, @calls, @apiTeams, @apis, @environments, @applications, @applicationTeams,
            @credentials, @models, @tokens, @picos, @currencies)
          on conflict (id) do nothing
          returning id
        )
        insert into budget_use as u (budget_id, starts_at, used)
        select b.id, x.starts_at, sum(x.amount)
        from unnest(@entries, @budgets, @starts, @amounts) as x (entry, budget, starts_at, amount)
        join entered e on e.id = x.entry
        join budget b on b.id = x.budget
        group by b.id, x.starts_at
        order by b.id, x.starts_at
        on conflict (budget_id, starts_at) do update set used = u.used + excluded.used
        """;

    // Amounts of the ledger are a million times finer than those of thresholds, where they are money.
    private const string Reach = """
        update budget_use u set {0}_reached_at = @now
        from budget b
        where b.id = u.budget_id and b.{0} is not null and u.{0}_reached_at is null
          and u.used >= b.{0}::numeric * case b.unit when 'Money' then 1000000 else 1 end
          and (u.budget_id, u.starts_at) in (select * from unnest(@budgets, @starts))
        returning b.*, u.starts_at, u.used
        """;

    public async Task WriteAsync(
        IReadOnlyList<LedgerEntry> entries,
        CancellationToken cancellationToken
    )
    {
        var db = await work.OpenAsync(cancellationToken);
        var uses = entries.SelectMany(e => e.Uses.Select(u => (e.Id, u.Window, u.Exact))).ToList();
        await db.ExecuteAsync(
            Enter,
            new
            {
                ids = entries.Select(e => e.Id).ToArray(),
                times = entries.Select(e => e.Time).ToArray(),
                calls = entries.Select(e => e.Caller.CallId).ToArray(),
                apiTeams = entries.Select(e => e.Caller.ApiTeam).ToArray(),
                apis = entries.Select(e => e.Caller.Api).ToArray(),
                environments = entries.Select(e => e.Caller.Environment).ToArray(),
                applications = entries.Select(e => e.Caller.Application).ToArray(),
                applicationTeams = entries.Select(e => e.Caller.ApplicationTeam).ToArray(),
                credentials = entries.Select(e => e.Caller.Credential).ToArray(),
                models = entries.Select(e => e.Model).ToArray(),
                tokens = entries.Select(e => e.Tokens).ToArray(),
                picos = entries.Select(e => e.Pico).ToArray(),
                currencies = entries.Select(e => e.Currency).ToArray(),
                entries = uses.Select(u => u.Id).ToArray(),
                budgets = uses.Select(u => u.Window.Budget).ToArray(),
                starts = uses.Select(u => u.Window.Start).ToArray(),
                amounts = uses.Select(u => u.Exact).ToArray(),
            }
        );
        if (uses.Count > 0)
        {
            var windows = uses.Select(u => u.Window).Distinct().ToList();
            await TellAsync(db, windows, "soft", Threshold.Soft);
            await TellAsync(db, windows, "hard", Threshold.Hard);
        }

        await work.CommitAsync(cancellationToken);
    }

    private async Task TellAsync(
        NpgsqlConnection db,
        List<WindowKey> windows,
        string threshold,
        Threshold kind
    )
    {
        var now = time.GetStoredNow();
        var reached = await db.QueryAsync<
            ReachedRow,
            WindowRow,
            (ReachedRow Budget, WindowRow Window)
        >(
            Reach.Replace("{0}", threshold, StringComparison.Ordinal),
            (budget, window) => (budget, window),
            new
            {
                now,
                budgets = windows.Select(w => w.Budget).ToArray(),
                starts = windows.Select(w => w.Start).ToArray(),
            },
            splitOn: "starts_at"
        );
        foreach (var (budget, window) in reached)
        {
            work.AddAudit(
                Actor
                    .System("aiadapter")
                    .Did(
                        $"ai-budget.{threshold}-threshold",
                        budget.PublicId,
                        budget.TeamId,
                        after: new
                        {
                            Budget = budget.Name,
                            window.StartsAt,
                            window.Used,
                        }
                    )
            );
            work.AddEvent(
                OutboxEvent.Of(
                    Topic,
                    budget.PublicId,
                    new BudgetThresholdReached
                    {
                        BudgetId = budget.PublicId,
                        TeamId = new Id<TeamKind>(budget.TeamId).ToString(),
                        Name = budget.Name,
                        Threshold = kind,
                        WindowStart = window.StartsAt.ToTimestamp(),
                        Used = window.Used.ToString(
                            System.Globalization.CultureInfo.InvariantCulture
                        ),
                        Currency = budget.Currency ?? "",
                        Time = now.ToTimestamp(),
                    }
                )
            );
        }
    }

    internal sealed record ReachedRow
    {
        public Guid Id { get; init; }

        public Guid TeamId { get; init; }

        public string Name { get; init; } = "";

        public string? Currency { get; init; }

        public string PublicId => new Id<BudgetKind>(Id).ToString();
    }

    internal sealed record WindowRow
    {
        public DateTimeOffset StartsAt { get; init; }

        public decimal Used { get; init; }
    }
}
