using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Kafka;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds Kafka brokers.</summary>
public static class KafkaBuilderExtensions
{
    /// <summary>Adds a broker: the embedded one.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="port">Its port; null: a free one.</param>
    public static IResourceBuilder<KafkaServerResource> AddKafka(
        this IDistributedApplicationBuilder builder,
        string name,
        int? port = null
    )
    {
        var kafka = new KafkaServerResource(name);
        var check = $"{name}_check";
        builder
            .Services.AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    check,
                    _ => new KafkaCheck(kafka),
                    failureStatus: null,
                    tags: null
                )
            );
        return builder
            .AddResource(kafka)
            .WithEndpoint(port: port, targetPort: port, name: KafkaServerResource.EndpointName)
            .WithAnnotation(new KafkaServer(kafka))
            .WithHealthCheck(check);
    }

    /// <summary>Keeps the data when the application ends.</summary>
    /// <param name="builder">The broker.</param>
    /// <param name="name">A folder in the data folder; null: the resource's name.</param>
    /// <param name="isReadOnly">Has to be false: the broker writes.</param>
    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder,
        string? name = null,
        bool isReadOnly = false
    )
    {
        if (isReadOnly)
        {
            throw new DistributedApplicationException("A Kafka broker needs to write its data.");
        }

        return builder.WithAnnotation(new KeptDataAnnotation(name ?? builder.Resource.Name));
    }
}
