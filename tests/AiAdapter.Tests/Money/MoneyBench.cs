using ApiSvc.AiAdapter.Configuration;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.Serving;
using ApiSvc.AiAdapter.Tests.Hosting;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using StackExchange.Redis;
using MicrosoftOptions = Microsoft.Extensions.Options.Options;

namespace ApiSvc.AiAdapter.Tests.Money;

/// <summary>Budgets over a real Postgres and a real Redis, at a time that the test sets.</summary>
internal sealed class MoneyBench : IAsyncDisposable
{
    private readonly List<IDisposable> _opened = [];
    private readonly List<BudgetReconciler> _reconcilers = [];

    private MoneyBench(AiHost host, RedisServer redis)
    {
        Host = host;
        Redis = redis;
        (Team, Owner) = host.NewTeam();
    }

    public AiHost Host { get; }

    public RedisServer Redis { get; private set; }

    public Id<TeamKind> Team { get; }

    public Party Owner { get; }

    public FakeTimeProvider Time { get; } = new(new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));

    public BudgetOptions Options { get; } = new();

    public static async Task<MoneyBench> StartAsync()
    {
        var redis = await RedisServer.StartAsync();
        return new(
            await AiHost.StartAsync(
                settings:
                [
                    ("ConnectionStrings:redis", redis.Address),
                    ("Budgets:Reconcile", "00:00:00.100"),
                ]
            ),
            redis
        );
    }

    /// <summary>Makes a budget of all calls to the team's APIs, and waits until it counts.</summary>
    public async Task<string> BudgetAsync(
        long? hard,
        long? soft = null,
        string unit = "tokens",
        string window = "day",
        string scope = "team",
        string? target = null
    )
    {
        var id = await Owner.BudgetAsync(
            Team,
            new
            {
                name = $"Budget {Guid.NewGuid()}",
                scope,
                target,
                unit,
                currency = unit == "money" ? "USD" : null,
                window,
                hard,
                soft,
            }
        );
        var budget = Id<BudgetKind>.Parse(id).Value;
        await Eventually.HoldsAsync(
            () =>
                Host.Configuration.Teams.TryGetValue(Team.Value, out var team)
                && team.Budgets.Any(b => b.Id == budget),
            "the budget counts"
        );
        return id;
    }

    /// <summary>The budgets as another process of the adapter has them.</summary>
    public IBudgets Process()
    {
        var redis = ConnectionMultiplexer.Connect($"{Redis.Address},abortConnect=false");
        _opened.Add(redis);
        var services = Host.Services;
        var options = MicrosoftOptions.Create(Options);
        var counters = new RedisCounters(redis, options, Time, NullLogger<RedisCounters>.Instance);
        var shares = new LocalShares(Time);
        var sums = new BudgetSums(
            services.GetRequiredService<NpgsqlDataSource>(),
            NullLogger<BudgetSums>.Instance
        );
        _reconcilers.Add(
            new(
                shares,
                sums,
                counters,
                services.GetRequiredService<DatabaseReady>(),
                options,
                Time,
                NullLogger<BudgetReconciler>.Instance
            )
        );
        return new Budgets(
            services.GetRequiredService<IAiConfigurationSource>(),
            counters,
            shares,
            sums,
            services.GetRequiredService<Ledger>(),
            options,
            new UuidGenerator(Time),
            Time,
            NullLogger<Budgets>.Instance
        );
    }

    /// <summary>Brings all processes' counters up to the ledger.</summary>
    public Task ReconcileAsync() => Task.WhenAll(_reconcilers.Select(r => r.ReconcileAsync()));

    public AiCaller Caller(Guid? application = null, string credential = "") =>
        new()
        {
            CallId = Guid.CreateVersion7(),
            Api = Guid.CreateVersion7(),
            Version = Guid.CreateVersion7(),
            ApiTeam = Team.Value,
            Environment = "sandbox",
            Application = application,
            Credential = credential,
        };

    public async Task<IReservation?> ReserveAsync(IBudgets budgets, long tokens) =>
        (await budgets.ReserveAsync(Caller(), Tokens(tokens), CancellationToken.None)).Reservation;

    public static SpendEstimate Tokens(long tokens) => new("assistant", tokens, null, null);

    public async Task<decimal> UsedAsync(string budget) =>
        await Host.QueryAsync<decimal?>(
            "select sum(used) from budget_use where budget_id = @id",
            new { id = Id<BudgetKind>.Parse(budget).Value }
        ) ?? 0;

    /// <summary>Redis with all that it holds is gone.</summary>
    public void KillRedis() => Redis.Dispose();

    public async Task RestartRedisAsync() => Redis = await RedisServer.StartAsync(Redis.Port);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _reconcilers.ForEach(r => r.Dispose());
        _opened.ForEach(o => o.Dispose());
        Redis.Dispose();
    }
}
