using Microsoft.Extensions.ServiceDiscovery;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Calling services by name.</summary>
public static class ServiceDiscoveryHttpClientBuilderExtensions
{
    /// <summary>
    /// Lets a client call services by name: <c>http://catalog</c>, <c>https+http://catalog</c> (the first that there is),
    /// <c>http://_grpc.catalog</c> (the endpoint called <c>grpc</c>). Several addresses take turns.
    /// </summary>
    public static IHttpClientBuilder AddServiceDiscovery(this IHttpClientBuilder httpClientBuilder)
    {
        ArgumentNullException.ThrowIfNull(httpClientBuilder);
        httpClientBuilder.Services.AddServiceDiscovery();
        return httpClientBuilder.AddHttpMessageHandler(services => new ResolvingHandler(
            services.GetRequiredService<EndpointResolver>()
        ));
    }
}
