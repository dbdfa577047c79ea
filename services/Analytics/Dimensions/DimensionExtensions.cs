using ApiSvc.Analytics.Kafka;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.Contracts.Identity.V1;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ApiSvc.Analytics.Dimensions;

/// <summary>What the values of dimensions are called.</summary>
internal static class DimensionExtensions
{
    public static void AddDimensions(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.TryAddSingleton<KafkaConsumers>();
        services.AddServiceClient<Apis.ApisClient>("catalog");
        services.AddServiceClient<Plans.PlansClient>("catalog");
        services.AddServiceClient<Applications.ApplicationsClient>("catalog");
        services.AddServiceClient<Teams.TeamsClient>("identity");
        services.AddSingleton<NameStore>();
        AddConsumer(services, CatalogNames.Topic);
        AddConsumer(services, IdentityNames.Topic);
        services.AddHostedService<CatalogNames>();
        services.AddHostedService<IdentityNames>();
        services.AddHostedService<NameSnapshot>();
    }

    // Each topic has a group of its own: members of one that follow different topics would be rebalanced with each other.
    private static void AddConsumer(IServiceCollection services, string topic) =>
        services.AddKeyedSingleton(
            topic,
            (provider, _) =>
                provider
                    .GetRequiredService<KafkaConsumers>()
                    .Builder<byte[]?, byte[]>($"analytics-names-{topic}")
                    .Build()
        );
}
