using System.Net;
using ApiSvc.AiAdapter.Money;
using ApiSvc.ServiceDefaults.Identifiers;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AiAdapter.Tests.Money;

public sealed class SpendTests
{
    [Fact]
    public async Task Spend_IsSummedByModelApplicationAndDay_ExactAndForBothSides()
    {
        await using var bench = await MoneyBench.StartAsync();
        var (consumerTeam, consumer) = bench.Host.NewTeam();
        var application = new Id<ApplicationKind>(Guid.CreateVersion7());
        var budgets = bench.Process();

        async Task SpendAsync(string model, long? pico)
        {
            var caller = bench.Caller(application.Value) with
            {
                ApplicationTeam = consumerTeam.Value,
            };
            var estimate = new SpendEstimate(model, 1, null, null);
            var answer = await budgets.ReserveAsync(caller, estimate, CancellationToken.None);
            await answer.Reservation!.SettleAsync(100, pico, pico is null ? null : "USD");
        }

        await SpendAsync("dear", 1_000_000_000_001);
        await SpendAsync("dear", 2_000_000_000_000);
        await SpendAsync("cheap", 1);
        bench.Time.Advance(TimeSpan.FromDays(1));
        await SpendAsync("unpriced", null);

        (await ReadAsync(bench.Owner, bench.Team, "model")).ShouldBe([
            "dear USD 2 200 3.000000000001",
            "cheap USD 1 100 0.000000000001",
            "unpriced  1 100 ",
        ]);
        (await ReadAsync(bench.Owner, bench.Team, "day")).ShouldBe([
            "2026-11-27 USD 3 300 3.000000000002",
            "2026-11-28  1 100 ",
        ]);
        (await ReadAsync(consumer, consumerTeam, "application&side=consumer"))[0]
            .ShouldBe($"{application} USD 3 300 3.000000000002");
        (await ReadAsync(consumer, consumerTeam, "application")).ShouldBeEmpty();
        (
            await bench.Owner.GetAsync(
                $"/v1/teams/{bench.Team}/spend?from=2026-11-02&to=2026-11-01"
            )
        ).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Use_OfABudget_IsWhatTheLedgerAndTheCallsUnderWaySay()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: 5_000_000, soft: 1, unit: "money");
        // The service's own clock: the window of today is asked for.
        bench.Time.SetUtcNow(DateTimeOffset.UtcNow);
        var budgets = bench.Process();
        var estimate = new SpendEstimate("assistant", 10, 2_000_000_000_000, "USD");

        async Task<IReservation> ReserveAsync() =>
            (
                await budgets.ReserveAsync(bench.Caller(), estimate, CancellationToken.None)
            ).Reservation!;

        await (await ReserveAsync()).SettleAsync(10, 1_500_000, "USD");
        await ReserveAsync();

        var use = (
            await bench.Owner.GetAsync($"/v1/teams/{bench.Team}/budgets/{budget}/use")
        ).ShouldBe(HttpStatusCode.OK);
        use.Json.GetProperty("used").GetDecimal().ShouldBe(1.5m);
        use.Json.GetProperty("reserved").GetDecimal().ShouldBe(2_000_000m);
        use["softReachedAt"].ShouldNotBeEmpty();
        use["hardReachedAt"].ShouldBeEmpty();
        var listed = (
            await bench.Owner.GetAsync($"/v1/teams/{bench.Team}/budgets")
        ).Json.GetProperty("items")[0];
        listed.GetProperty("id").GetString().ShouldBe(budget);
        listed.GetProperty("use").GetProperty("used").GetDecimal().ShouldBe(1.5m);
    }

    [Fact]
    public async Task Ledger_KeepsEntriesAsLongAsIsSet()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: 1000);
        var budgets = bench.Process();
        bench.Time.SetUtcNow(DateTimeOffset.UtcNow);
        await (await bench.ReserveAsync(budgets, 10))!.SettleAsync(10, null, null);
        await bench.Host.ExecuteAsync(
            """
            insert into ledger select gen_random_uuid(), time - interval '801 days', call_id, api_team_id, api_id, environment,
              application_id, application_team_id, credential, model, tokens, pico, currency from ledger;
            insert into budget_use select budget_id, starts_at - interval '802 days', used from budget_use;
            """
        );

        await bench
            .Host.Services.GetRequiredService<LedgerTrimmer>()
            .TrimAsync(CancellationToken.None);

        (await bench.Host.QueryAsync<long>("select count(*) from ledger")).ShouldBe(1);
        (await bench.UsedAsync(budget)).ShouldBe(10);
    }

    private static async Task<string[]> ReadAsync(
        AiAdapter.Tests.Hosting.Party party,
        Id<TeamKind> team,
        string by
    ) =>
        [
            .. (
                await party.GetAsync(
                    $"/v1/teams/{team}/spend?from=2026-11-01&to=2026-11-30&by={by}"
                )
            )
                .ShouldBe(HttpStatusCode.OK)
                .Json.GetProperty("rows")
                .EnumerateArray()
                .Select(r =>
                    $"{r.GetProperty("key")} {r.GetProperty("currency")} {r.GetProperty("calls")} {r.GetProperty("tokens")} {r.GetProperty("cost")}"
                ),
        ];
}
