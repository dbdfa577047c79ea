using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.Analytics.Retention;

/// <summary>What is kept, and for how long.</summary>
internal static class RetentionExtensions
{
    public static void AddRetention(this IHostApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<RetentionOptions>(RetentionOptions.Section);
        builder.Services.AddSingleton<RetentionRun>();
        builder.Services.AddHostedService<RetentionService>();
        builder.Services.AddScoped<SubjectErasure>();
    }
}
