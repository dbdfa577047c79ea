using ApiSvc.AiAdapter.Serving.Callers;
using ApiSvc.AiAdapter.Serving.Providers;
using ApiSvc.AiAdapter.Serving.Usage;
using ApiSvc.Contracts.AiUsage.V1;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.Spool;

namespace ApiSvc.AiAdapter.Serving;

/// <summary>Registers what carries calls to models.</summary>
internal static class ServingExtensions
{
    private const string Topic = "apisvc.ai-usage";

    public static void AddServing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<ServingOptions>(ServingOptions.Section);
        services.AddValidatedOptions<CallerOptions>(CallerOptions.Section);
        services.AddGuardedHttpClient(MediaFetcher.Client);
        services.AddSingleton<CallerTokens>();
        services.AddSingleton<ProviderHttp>();
        services.AddSingleton<MediaFetcher>();
        services.AddSingleton<CallServices>();
        builder.AddSpool();
        services.AddSingleton<IUsageRecorder, UsageRecorder>();
        builder.AddSpoolShipping(
            "kafka",
            Topic,
            new(AiUsageBatch.Descriptor.FullName, "/apisvc/aiadapter")
        );
    }
}
