using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.AiAdapter.Money;

/// <summary>Budgets and the ledger.</summary>
internal static class BudgetExtensions
{
    public static TBuilder AddBudgets<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddValidatedOptions<BudgetOptions>(BudgetOptions.Section);
        services.AddScoped<LedgerBook>();
        services.AddSingleton<Ledger>();
        services.AddHostedService(p => p.GetRequiredService<Ledger>());
        services.AddSingleton<RedisCounters>().AddSingleton<LocalShares>();
        services.AddSingleton<BudgetSums>().AddSingleton<IBudgets, Budgets>();
        services.AddSingleton<BudgetUseReader>().AddSingleton<SpendReader>();
        services.AddHostedService<BudgetReconciler>();
        services.AddSingleton<LedgerTrimmer>();
        services.AddHostedService(p => p.GetRequiredService<LedgerTrimmer>());
        return builder;
    }
}
