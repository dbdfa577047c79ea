using ApiSvc.AiAdapter.Money;
using ApiSvc.Testing;

namespace ApiSvc.AiAdapter.Tests.Money;

/// <summary>Redis or the database is away, or has lost what it held.</summary>
public sealed class AwayTests
{
    [Fact]
    public async Task RedisAway_HardBudgetGoesOnWithinItsShare_ThenRefuses()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: 1000);
        var budgets = bench.Process();
        await (await bench.ReserveAsync(budgets, 100))!.SettleAsync(100, null, null);

        bench.KillRedis();

        // A tenth of the 900 that were left is this process's share.
        var taken = 0;
        while (await bench.ReserveAsync(budgets, 30) is { } reservation)
        {
            await reservation.SettleAsync(30, null, null);
            (++taken).ShouldBeLessThan(10);
        }

        taken.ShouldBe(3);
        (await bench.UsedAsync(budget)).ShouldBe(190);
    }

    [Fact]
    public async Task RedisAway_ShareEndsWithItsTime()
    {
        await using var bench = await MoneyBench.StartAsync();
        await bench.BudgetAsync(hard: 1000);
        var budgets = bench.Process();
        await (await bench.ReserveAsync(budgets, 100))!.DisposeAsync();
        bench.KillRedis();
        (await bench.ReserveAsync(budgets, 1)).ShouldNotBeNull();

        bench.Time.Advance(bench.Options.ShareFor);

        (await bench.ReserveAsync(budgets, 1)).ShouldBeNull();
    }

    [Fact]
    public async Task RedisAway_WhatIsGivenBackIsThereAgain()
    {
        await using var bench = await MoneyBench.StartAsync();
        await bench.BudgetAsync(hard: 1000);
        var budgets = bench.Process();
        await (await bench.ReserveAsync(budgets, 1))!.DisposeAsync();
        bench.KillRedis();

        for (var i = 0; i < 20; i++)
        {
            await using var reservation = (await bench.ReserveAsync(budgets, 90)).ShouldNotBeNull();
        }
    }

    [Fact]
    public async Task RedisAway_SoftBudgetsAndRateLimitsGoOn()
    {
        await using var bench = await MoneyBench.StartAsync();
        await bench.BudgetAsync(hard: null, soft: 10);
        await bench.BudgetAsync(hard: 100, window: "minute");
        var budgets = bench.Process();
        bench.KillRedis();

        await (await bench.ReserveAsync(budgets, 100))!.SettleAsync(100, null, null);

        (await bench.ReserveAsync(budgets, 1)).ShouldBeNull();
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await bench.ReserveAsync(budgets, 1)).ShouldNotBeNull();
    }

    [Fact]
    public async Task RedisLostAll_TheLedgerIsTheTruth()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: 1000);
        var budgets = bench.Process();
        var under = (await bench.ReserveAsync(budgets, 50))!;
        await (await bench.ReserveAsync(budgets, 900))!.SettleAsync(900, null, null);

        bench.KillRedis();
        await bench.RestartRedisAsync();
        bench.Time.Advance(bench.Options.RedisPause);

        await Eventually.HoldsAsync(
            async () =>
            {
                bench.Time.Advance(bench.Options.RedisPause);
                await using var probe = await bench.ReserveAsync(budgets, 0);
                return (probe as Reservation)?.IsLocal == false;
            },
            "Redis counts again"
        );
        // What was under way when it was lost ends as it should, and is counted once.
        await under.SettleAsync(50, null, null);
        (await bench.UsedAsync(budget)).ShouldBe(950);
        await bench.ReconcileAsync();
        await (await bench.ReserveAsync(budgets, 50))!.SettleAsync(50, null, null);
        (await bench.ReserveAsync(budgets, 1)).ShouldBeNull();
    }

    [Fact]
    public async Task DatabaseAway_WhatIsSettledIsWrittenWhenItIsBack()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: 1000);
        var budgets = bench.Process();
        bench.Options.LedgerPatience = TimeSpan.FromMilliseconds(200);
        var first = (await bench.ReserveAsync(budgets, 10))!;
        await bench.Host.ExecuteAsync("alter table ledger rename to ledger_away");

        await first.SettleAsync(10, null, null);

        (await bench.UsedAsync(budget)).ShouldBe(0);
        await bench.Host.ExecuteAsync("alter table ledger_away rename to ledger");
        await Eventually.HoldsAsync(
            async () => await bench.UsedAsync(budget) == 10,
            "the entry is written"
        );
        (await bench.Host.QueryAsync<long>("select count(*) from ledger")).ShouldBe(1);
    }

    [Fact]
    public async Task ProcessEnds_WhatWaitsForTheLedgerIsWrittenFirst()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: 1000);
        bench.Options.LedgerPatience = TimeSpan.FromMilliseconds(100);
        var call = (await bench.ReserveAsync(bench.Process(), 10))!;
        await bench.Host.ExecuteAsync("alter table ledger rename to ledger_away");
        await call.SettleAsync(10, null, null);

        var end = bench.Host.DisposeAsync().AsTask();
        await bench.Host.ExecuteAsync("alter table ledger_away rename to ledger");
        await end;

        (await bench.UsedAsync(budget)).ShouldBe(10);
    }
}
