using Grpc.Net.ClientFactory;
using Grpc.Net.ClientFactory.Invokers;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds gRPC clients, whose requests go through the handlers that are configured for their name.</summary>
public static class GrpcClientServiceExtensions
{
    public static IHttpClientBuilder AddGrpcClient<TClient>(this IServiceCollection services)
        where TClient : class => services.AddGrpcClient<TClient>(typeof(TClient).Name);

    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services,
        Action<GrpcClientFactoryOptions> configureClient
    )
        where TClient : class =>
        services.AddGrpcClient<TClient>(typeof(TClient).Name, configureClient);

    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services,
        Action<IServiceProvider, GrpcClientFactoryOptions> configureClient
    )
        where TClient : class =>
        services.AddGrpcClient<TClient>(typeof(TClient).Name, configureClient);

    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services,
        string name,
        Action<GrpcClientFactoryOptions> configureClient
    )
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(configureClient);
        var builder = services.AddGrpcClient<TClient>(name);
        services.Configure(name, configureClient);
        return builder;
    }

    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services,
        string name,
        Action<IServiceProvider, GrpcClientFactoryOptions> configureClient
    )
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(configureClient);
        var builder = services.AddGrpcClient<TClient>(name);
        services
            .AddOptions<GrpcClientFactoryOptions>(name)
            .Configure<IServiceProvider>((options, provider) => configureClient(provider, options));
        return builder;
    }

    public static IHttpClientBuilder AddGrpcClient<TClient>(
        this IServiceCollection services,
        string name
    )
        where TClient : class
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(name);
        services.TryAddSingleton<ChannelInvokers>();
        services.TryAddTransient<GrpcClientFactory, ContainerClientFactory>();
        Names(services).Add(name, typeof(TClient));
        services.AddTransient(provider =>
            provider.GetRequiredService<GrpcClientFactory>().CreateClient<TClient>(name)
        );

        // The channel lives as long as the process, so the handler must too; its connections are renewed instead.
        return services
            .AddHttpClient(name)
            .ConfigurePrimaryHttpMessageHandler(() =>
                new SocketsHttpHandler { EnableMultipleHttp2Connections = true }
            )
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
    }

    private static ClientNames Names(IServiceCollection services)
    {
        if (
            services
                .FirstOrDefault(service => service.ServiceType == typeof(ClientNames))
                ?.ImplementationInstance
            is ClientNames known
        )
        {
            return known;
        }

        var names = new ClientNames();
        services.AddSingleton(names);
        return names;
    }
}
