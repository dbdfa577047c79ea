using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.Analytics.Rollups;

/// <summary>Hours and days.</summary>
internal static class RollupExtensions
{
    public static void AddRollups(this IHostApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<RollupOptions>(RollupOptions.Section);
        builder.Services.AddSingleton<LevelBuilder>();
        builder.Services.AddHostedService<LevelService>();
    }
}
