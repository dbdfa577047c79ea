using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Adds Redis servers.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a server: the machine's <c>redis-server</c>.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="port">Its port; null: a free one.</param>
    /// <param name="password">Its password; null: generated and kept.</param>
    public static IResourceBuilder<RedisResource> AddRedis(
        this IDistributedApplicationBuilder builder,
        string name,
        int? port = null,
        IResourceBuilder<ParameterResource>? password = null
    )
    {
        var secret =
            password?.Resource
            ?? ParameterResourceBuilderExtensions.CreateDefaultPasswordParameter(
                builder,
                $"{name}-password",
                special: false
            );
        var redis = new RedisResource(name, secret);
        var check = $"{name}_check";
        builder
            .Services.AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    check,
                    _ => new RedisCheck(redis),
                    failureStatus: null,
                    tags: null
                )
            );
        return builder
            .AddResource(redis)
            .WithEndpoint(port: port, targetPort: port, name: RedisResource.EndpointName)
            .WithAnnotation(new RedisServer(redis))
            .WithHealthCheck(check);
    }

    /// <summary>Keeps the data when the application ends.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">A folder in the data folder; null: the resource's name.</param>
    /// <param name="isReadOnly">Has to be false: the server writes.</param>
    public static IResourceBuilder<RedisResource> WithDataVolume(
        this IResourceBuilder<RedisResource> builder,
        string? name = null,
        bool isReadOnly = false
    )
    {
        if (isReadOnly)
        {
            throw new DistributedApplicationException("A Redis server needs to write its data.");
        }

        return builder.WithAnnotation(new KeptDataAnnotation(name ?? builder.Resource.Name));
    }
}
