using ApiSvc.AiAdapter.Serving.Caching;
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

    /// <summary>Takes calls; <see cref="AddUsageRecords"/> says where their records go.</summary>
    public static void AddServing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<ServingOptions>(ServingOptions.Section);
        services.AddValidatedOptions<CallerOptions>(CallerOptions.Section);
        services.AddGuardedHttpClient(MediaFetcher.Client);
        services.AddSingleton<CallerTokens>();
        services.AddSingleton<ProviderHttp>();
        services.AddSingleton<MediaFetcher>();
        services.AddSingleton<CallTelemetry>();
        services.AddSingleton<AnswerCache>();
        services.AddSingleton<CallServices>();
    }

    /// <summary>Keeps a record of each call in the spool, and takes them to Kafka.</summary>
    /// <param name="builder">The adapter.</param>
    /// <param name="connectionName">Kafka's name under <c>ConnectionStrings</c>.</param>
    public static void AddUsageRecords(this WebApplicationBuilder builder, string connectionName)
    {
        builder.AddSpool();
        builder.Services.AddSingleton<IUsageRecorder, UsageRecorder>();
        builder.AddSpoolShipping(
            connectionName,
            Topic,
            new(AiUsageBatch.Descriptor.FullName, "/apisvc/aiadapter")
        );
    }
}
