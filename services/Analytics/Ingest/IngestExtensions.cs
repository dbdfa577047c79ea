using ApiSvc.Analytics.Kafka;
using ApiSvc.Analytics.Records;
using ApiSvc.Analytics.Texts;
using ApiSvc.ServiceDefaults.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Analytics.Ingest;

/// <summary>Takes in calls from Kafka.</summary>
internal static class IngestExtensions
{
    public static void AddIngest(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<IngestOptions>(IngestOptions.Section);
        services.TryAddSingleton<KafkaConsumers>();
        services.AddSingleton<CallTopic>();
        services.AddSingleton<TextDictionary>();
        services.AddSingleton<CallTimes>();
        services.AddSingleton<CallParser>();
        services.AddSingleton<BatchParser>();
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton(provider => new PositionBook(
            provider.GetRequiredService<NpgsqlDataSource>(),
            TopicOf(provider)
        ));
        services.AddSingleton(provider =>
            ActivatorUtilities.CreateInstance<BatchWriter>(provider, TopicOf(provider))
        );
        services.AddSingleton<CarefulWriter>();
        services.AddHostedService<CallConsumer>();
    }

    private static string TopicOf(IServiceProvider provider) =>
        provider.GetRequiredService<IOptions<IngestOptions>>().Value.Topic;
}
