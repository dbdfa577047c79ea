using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>
    /// Gives a connection string as <c>ConnectionStrings__NAME</c>, and its parts as <c>NAME_HOST</c> and so on.
    /// </summary>
    /// <param name="builder">What gets it.</param>
    /// <param name="source">Whose it is.</param>
    /// <param name="connectionName">The connection's name; null: the source's.</param>
    /// <param name="optional">Whether it may be missing.</param>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false
    )
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        var name = connectionName ?? resource.Name;
        return builder.WithEnvironment(async context =>
        {
            var value = await resource.GetConnectionStringAsync(context.CancellationToken);
            if (value is not null)
            {
                var variable =
                    resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{name}";
                context.EnvironmentVariables[variable] = value;
            }
            else if (!optional)
            {
                throw new DistributedApplicationException(
                    $"The resource '{resource.Name}' has no connection string."
                );
            }

            var prefix = ResourceNames.EnvironmentName(name).ToUpperInvariant();
            foreach (var (part, expression) in resource.GetConnectionProperties())
            {
                context.EnvironmentVariables[$"{prefix}_{part.ToUpperInvariant()}"] = expression;
            }
        });
    }

    /// <summary>
    /// Gives the addresses of all endpoints as <c>services__NAME__http__0</c> and <c>NAME_HTTP</c>. The endpoints
    /// <c>http</c> and <c>https</c> stand under their scheme, others under their name.
    /// </summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source
    )
        where TDestination : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
        {
            foreach (var endpoint in source.Resource.Annotations.OfType<EndpointAnnotation>())
            {
                AddService(context.EnvironmentVariables, source.Resource.Name, endpoint);
            }
        });

    /// <summary>Gives the address of one endpoint.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        EndpointReference endpointReference
    )
        where TDestination : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
            AddService(
                context.EnvironmentVariables,
                endpointReference.Resource.Name,
                endpointReference.EndpointAnnotation
            )
        );

    private static void AddService(
        Dictionary<string, object> variables,
        string name,
        EndpointAnnotation endpoint
    )
    {
        var key = endpoint.Name is "http" or "https" ? endpoint.UriScheme : endpoint.Name;
        var index = 0;
        foreach (var allocated in endpoint.Allocated)
        {
            string variable;
            do
            {
                variable =
                    $"services__{name}__{key}__{index++.ToString(CultureInfo.InvariantCulture)}";
            } while (
                variables.TryGetValue(variable, out var other)
                && !Equals(other, allocated.UriString)
            );

            variables[variable] = allocated.UriString;
        }

        if (endpoint.AllocatedEndpoint is { } first)
        {
            var prefix = ResourceNames.EnvironmentName(name).ToUpperInvariant();
            var suffix = ResourceNames.EnvironmentName(endpoint.Name).ToUpperInvariant();
            variables[$"{prefix}_{suffix}"] = first.UriString;
        }
    }
}
