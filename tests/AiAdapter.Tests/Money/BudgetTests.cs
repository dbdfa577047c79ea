using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AiAdapter.Tests.Money;

public sealed class BudgetTests
{
    [Fact]
    public async Task Reserve_ByAHundredAtOnce_IsOverrunByNoMoreThanOneCall()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: 1000);
        IBudgets[] processes = [bench.Process(), bench.Process()];
        bench.Options.SharePercent = 0;

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 100)
                .Select(i =>
                    Task.Run(async () =>
                    {
                        var answer = await processes[i % 2]
                            .ReserveAsync(
                                bench.Caller(),
                                MoneyBench.Tokens(30),
                                CancellationToken.None
                            );
                        if (answer.Reservation is { } reservation)
                        {
                            await reservation.SettleAsync(30, null, null);
                        }

                        return answer;
                    })
                )
        );

        // 33 are 990; the 34th finds ten left.
        answers.Count(a => a.Reservation is not null).ShouldBe(34);
        (await bench.UsedAsync(budget)).ShouldBe(1020);
        var refusal = answers.First(a => a.Refusal is not null).Refusal!;
        refusal.Scope.ShouldBe("Team");
        refusal.ResetsAt.ShouldBeGreaterThan(bench.Time.GetUtcNow());
        (await bench.ReserveAsync(processes[0], 1)).ShouldBeNull();
    }

    [Fact]
    public async Task Refusal_SaysWhenTheWindowEnds_AndThenItIsOpen()
    {
        await using var bench = await MoneyBench.StartAsync();
        await bench.BudgetAsync(hard: 100);
        var budgets = bench.Process();
        await (await bench.ReserveAsync(budgets, 100))!.SettleAsync(100, null, null);

        var refused = await budgets.ReserveAsync(
            bench.Caller(),
            MoneyBench.Tokens(1),
            CancellationToken.None
        );

        refused.Refusal!.ResetsAt.ShouldBe(new(2026, 11, 28, 0, 0, 0, TimeSpan.Zero));
        (
            await bench.Host.QueryAsync<long>(
                "select count(*) from service.audit_log where action = 'ai-budget.hard-threshold'"
            )
        ).ShouldBe(1);
        bench.Time.SetUtcNow(refused.Refusal.ResetsAt);
        (await bench.ReserveAsync(budgets, 1)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Refusal_BecauseOfCallsUnderWay_IsForAMoment()
    {
        await using var bench = await MoneyBench.StartAsync();
        await bench.BudgetAsync(hard: 100);
        var budgets = bench.Process();
        var big = (await bench.ReserveAsync(budgets, 5000))!;

        var refused = await budgets.ReserveAsync(
            bench.Caller(),
            MoneyBench.Tokens(1),
            CancellationToken.None
        );

        refused.Refusal!.ResetsAt.ShouldBe(bench.Time.GetUtcNow().AddSeconds(1));
        await big.SettleAsync(10, null, null);
        (await bench.ReserveAsync(budgets, 1)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Aborted_NothingStaysReserved()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: 100);
        var budgets = bench.Process();
        bench.Options.SharePercent = 0;

        await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(async _ =>
                {
                    await using var reservation = await bench.ReserveAsync(budgets, 60);
                })
        );
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await budgets.ReserveAsync(bench.Caller(), MoneyBench.Tokens(100), cancelled.Token)
        );

        var all = (await bench.ReserveAsync(budgets, 100)).ShouldNotBeNull();
        (await bench.ReserveAsync(budgets, 1)).ShouldBeNull();
        await all.DisposeAsync();
        (await bench.UsedAsync(budget)).ShouldBe(0);
    }

    [Fact]
    public async Task DeadProcess_WhatItReservedExpires_AndWhatItSettledStays()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: 100);
        var dead = bench.Process();
        await (await bench.ReserveAsync(dead, 40))!.SettleAsync(40, null, null);
        // Never settled, never given back.
        (await bench.ReserveAsync(dead, 60)).ShouldNotBeNull();
        var alive = bench.Process();
        (await bench.ReserveAsync(alive, 1)).ShouldBeNull();

        bench.Time.Advance(bench.Options.Lease + TimeSpan.FromSeconds(1));

        (await bench.ReserveAsync(alive, 60)).ShouldNotBeNull();
        (await bench.ReserveAsync(alive, 1)).ShouldBeNull();
        (await bench.UsedAsync(budget)).ShouldBe(40);
    }

    [Fact]
    public async Task Money_IsCountedExactly_OfItsCurrencyAlone()
    {
        await using var bench = await MoneyBench.StartAsync();
        // A dollar.
        var budget = await bench.BudgetAsync(hard: 1_000_000, unit: "money", window: "month");
        var budgets = bench.Process();
        var estimate = new SpendEstimate("assistant", 1000, 400_000_000_000, "USD");

        async Task SpendAsync(long pico, string currency) =>
            await (
                await budgets.ReserveAsync(bench.Caller(), estimate, CancellationToken.None)
            ).Reservation!.SettleAsync(1000, pico, currency);

        await SpendAsync(999_999_998_998, "USD");
        await SpendAsync(5_000_000_000_000, "EUR");
        await SpendAsync(1, "USD");

        // Counters round up to grains of 10^-9, the ledger does not.
        (await bench.UsedAsync(budget)).ShouldBe(999_999_998_999);
        (
            await budgets.ReserveAsync(bench.Caller(), estimate, CancellationToken.None)
        ).Refusal!.ResetsAt.ShouldBe(new(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public async Task Scopes_CountTheirOwnCalls()
    {
        await using var bench = await MoneyBench.StartAsync();
        var application = new Id<ApplicationKind>(Guid.CreateVersion7());
        await bench.BudgetAsync(hard: 10, scope: "application", target: application.ToString());
        await bench.BudgetAsync(hard: 10, scope: "credential", target: "ak_one");
        var budgets = bench.Process();

        async Task<bool> PassesAsync(Guid? application, string credential)
        {
            var answer = await budgets.ReserveAsync(
                bench.Caller(application, credential),
                MoneyBench.Tokens(10),
                CancellationToken.None
            );
            return answer.Reservation is not null;
        }

        (await PassesAsync(application.Value, "ak_two")).ShouldBeTrue();
        (await PassesAsync(application.Value, "ak_one")).ShouldBeFalse();
        (await PassesAsync(Guid.CreateVersion7(), "ak_one")).ShouldBeTrue();
        (await PassesAsync(Guid.CreateVersion7(), "ak_one")).ShouldBeFalse();
        (await PassesAsync(null, "")).ShouldBeTrue();
    }

    [Fact]
    public async Task ConsumersBudget_CapsItsOwnCallsAlone()
    {
        await using var bench = await MoneyBench.StartAsync();
        var (consumer, owner) = bench.Host.NewTeam();
        var (meddler, stranger) = bench.Host.NewTeam();
        object Budget(string name, long hard) =>
            new
            {
                name,
                scope = "consumerTeam",
                target = consumer.ToString(),
                unit = "tokens",
                window = "day",
                hard,
            };
        await owner.BudgetAsync(consumer, Budget("our own", 10));
        // Of a team that neither serves nor makes the calls: nobody is refused by it.
        await stranger.BudgetAsync(meddler, Budget("not theirs", 1));
        await Eventually.HoldsAsync(
            () => bench.Host.Configuration.Teams.Values.Sum(t => t.Budgets.Count) == 2,
            "both count"
        );
        var budgets = bench.Process();

        async Task<BudgetAnswer> AskAsync(Guid? team) =>
            await budgets.ReserveAsync(
                bench.Caller() with
                {
                    ApplicationTeam = team,
                },
                MoneyBench.Tokens(5),
                CancellationToken.None
            );

        (await AskAsync(consumer.Value)).Reservation.ShouldNotBeNull();
        (await AskAsync(consumer.Value)).Reservation.ShouldNotBeNull();
        (await AskAsync(consumer.Value)).Refusal.ShouldNotBeNull().Budget.ShouldBe("our own");
        (await AskAsync(Guid.CreateVersion7())).Reservation.ShouldNotBeNull();
    }

    [Fact]
    public async Task Ledger_EntryWrittenTwice_CountsOnce()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: 1000);
        var window = new WindowKey(
            Id<BudgetKind>.Parse(budget).Value,
            new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero)
        );
        var entry = new LedgerEntry(
            Guid.CreateVersion7(),
            bench.Time.GetUtcNow(),
            bench.Caller(),
            "assistant",
            Tokens: 7,
            Pico: null,
            Currency: null,
            [(window, 7)]
        );

        // As after a commit whose answer was lost.
        for (var i = 0; i < 2; i++)
        {
            await using var scope = bench.Host.Services.CreateAsyncScope();
            await scope
                .ServiceProvider.GetRequiredService<LedgerBook>()
                .WriteAsync([entry], CancellationToken.None);
        }

        (await bench.UsedAsync(budget)).ShouldBe(7);
    }

    [Fact]
    public async Task RateLimit_OfTokensAMinute_OpensWithTheNext()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: 100, window: "minute");
        var budgets = bench.Process();
        await (await bench.ReserveAsync(budgets, 100))!.SettleAsync(100, null, null);

        var refused = await budgets.ReserveAsync(
            bench.Caller(),
            MoneyBench.Tokens(1),
            CancellationToken.None
        );

        refused.Refusal!.ResetsAt.ShouldBe(new(2026, 11, 27, 12, 1, 0, TimeSpan.Zero));
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await bench.ReserveAsync(budgets, 1)).ShouldNotBeNull();
        (await bench.UsedAsync(budget)).ShouldBe(0);
    }

    [Fact]
    public async Task SoftThreshold_IsToldOnceInAWindow_AndRefusesNothing()
    {
        await using var bench = await MoneyBench.StartAsync();
        var budget = await bench.BudgetAsync(hard: null, soft: 100);
        var budgets = bench.Process();

        await Task.WhenAll(
            Enumerable
                .Range(0, 40)
                .Select(async _ =>
                    await (await bench.ReserveAsync(budgets, 10))!.SettleAsync(10, null, null)
                )
        );

        (await bench.UsedAsync(budget)).ShouldBe(400);
        await Eventually.HoldsAsync(
            () => bench.Host.Events.All.Any(IsThreshold),
            "the threshold is told"
        );
        bench.Host.Events.All.Count(IsThreshold).ShouldBe(1);
        (
            await bench.Host.QueryAsync<long>(
                "select count(*) from service.audit_log where action = 'ai-budget.soft-threshold'"
            )
        ).ShouldBe(1);
        bench.Time.Advance(TimeSpan.FromDays(1));
        await (await bench.ReserveAsync(budgets, 100))!.SettleAsync(100, null, null);
        await Eventually.HoldsAsync(
            () => bench.Host.Events.All.Count(IsThreshold) == 2,
            "it is told again in the next window"
        );

        static bool IsThreshold(ServiceDefaults.Outbox.OutboxMessage message) =>
            message.Type == "apisvc.events.v1.BudgetThresholdReached";
    }
}
