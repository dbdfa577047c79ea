using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Adds an endpoint.</summary>
    /// <param name="builder">What listens.</param>
    /// <param name="port">The port that callers use; null: a free one.</param>
    /// <param name="targetPort">The port that it listens on; here they are the same.</param>
    /// <param name="scheme">The scheme of its address.</param>
    /// <param name="name">Its name; null: the scheme.</param>
    /// <param name="env">The variable that tells it its port.</param>
    /// <param name="isProxied">Means nothing here: callers reach the resource itself.</param>
    /// <param name="isExternal">Whether callers outside the application may use it.</param>
    /// <param name="protocol">TCP unless said.</param>
    /// <exception cref="DistributedApplicationException">There is an endpoint of this name already.</exception>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? scheme = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null,
        bool? isExternal = null,
        ProtocolType? protocol = null
    )
        where T : IResourceWithEndpoints
    {
        var endpoint = new EndpointAnnotation(
            protocol ?? ProtocolType.Tcp,
            scheme,
            transport: null,
            name,
            port,
            targetPort,
            isExternal,
            isProxied
        )
        {
            EnvironmentVariable = env,
        };
        if (builder.GetEndpoint(endpoint.Name).Exists)
        {
            throw new DistributedApplicationException(
                $"The resource '{builder.Resource.Name}' has an endpoint '{endpoint.Name}' already."
            );
        }

        if (env is not null && builder.Resource is IResourceWithEnvironment and not ProjectResource)
        {
            // Projects hear of all their endpoints in one place.
            var reference = builder.GetEndpoint(endpoint.Name);
            builder.WithAnnotation(
                new EnvironmentCallbackAnnotation(context =>
                {
                    context.EnvironmentVariables[env] = reference.Property(
                        EndpointProperty.TargetPort
                    );
                    return Task.CompletedTask;
                })
            );
        }

        return builder.WithAnnotation(endpoint);
    }

    /// <summary>Changes an endpoint, or adds it.</summary>
    public static IResourceBuilder<T> WithEndpoint<T>(
        this IResourceBuilder<T> builder,
        string endpointName,
        Action<EndpointAnnotation> callback,
        bool createIfNotExists = true
    )
        where T : IResourceWithEndpoints
    {
        var reference = builder.GetEndpoint(endpointName);
        if (reference.Exists)
        {
            callback(reference.EndpointAnnotation);
        }
        else if (createIfNotExists)
        {
            var endpoint = new EndpointAnnotation(ProtocolType.Tcp, name: endpointName);
            callback(endpoint);
            builder.WithAnnotation(endpoint);
        }

        return builder;
    }

    /// <summary>Adds an HTTP endpoint, named <c>http</c> unless said.</summary>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null
    )
        where T : IResourceWithEndpoints =>
        builder.WithEndpoint(port, targetPort, "http", name, env, isProxied);

    /// <summary>Adds an HTTPS endpoint, named <c>https</c> unless said.</summary>
    public static IResourceBuilder<T> WithHttpsEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool? isProxied = null
    )
        where T : IResourceWithEndpoints =>
        builder.WithEndpoint(port, targetPort, "https", name, env, isProxied);

    /// <summary>Marks all HTTP and HTTPS endpoints as open to callers outside the application.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder)
        where T : IResourceWithEndpoints
    {
        foreach (
            var endpoint in builder
                .Resource.Annotations.OfType<EndpointAnnotation>()
                .Where(e => e.IsHttp)
        )
        {
            endpoint.IsExternal = true;
        }

        return builder;
    }

    /// <summary>Names an endpoint.</summary>
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name)
        where T : IResourceWithEndpoints => new(builder.Resource, name);

    /// <summary>Counts it healthy only when a registered health check says so.</summary>
    public static IResourceBuilder<T> WithHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string key
    )
        where T : IResource => builder.WithAnnotation(new HealthCheckAnnotation(key));

    /// <summary>Counts it healthy only when an endpoint answers.</summary>
    /// <param name="builder">What is asked.</param>
    /// <param name="path">What for; <c>/</c> unless said.</param>
    /// <param name="statusCode">The status of a good answer; 200 unless said.</param>
    /// <param name="endpointName">The endpoint; <c>https</c> or <c>http</c> unless said.</param>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        string? endpointName = null
    )
        where T : IResourceWithEndpoints
    {
        var endpoint = builder.GetEndpoint(
            endpointName ?? (builder.GetEndpoint("https").Exists ? "https" : "http")
        );
        var key =
            $"{builder.Resource.Name}_{endpoint.EndpointName}_{path ?? "/"}_{statusCode ?? 200}_check";
        builder
            .ApplicationBuilder.Services.AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    key,
                    _ => new HttpEndpointCheck(() => endpoint, path ?? "/", statusCode ?? 200),
                    failureStatus: null,
                    tags: null
                )
            );
        return builder.WithHealthCheck(key);
    }
}
