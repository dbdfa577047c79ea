using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.ClientFactory;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Configures gRPC clients further.</summary>
public static class GrpcHttpClientBuilderExtensions
{
    public static IHttpClientBuilder ConfigureChannel(
        this IHttpClientBuilder builder,
        Action<GrpcChannelOptions> configureChannel
    )
    {
        ArgumentNullException.ThrowIfNull(configureChannel);
        return builder.Configure(
            (_, options) => options.ChannelOptionsActions.Add(configureChannel)
        );
    }

    public static IHttpClientBuilder ConfigureChannel(
        this IHttpClientBuilder builder,
        Action<IServiceProvider, GrpcChannelOptions> configureChannel
    )
    {
        ArgumentNullException.ThrowIfNull(configureChannel);
        return builder.Configure(
            (services, options) =>
                options.ChannelOptionsActions.Add(channel => configureChannel(services, channel))
        );
    }

    /// <summary>One interceptor for all clients of the name.</summary>
    public static IHttpClientBuilder AddInterceptor(
        this IHttpClientBuilder builder,
        Func<Interceptor> configureInvoker
    ) => builder.AddInterceptor(InterceptorScope.Channel, configureInvoker);

    public static IHttpClientBuilder AddInterceptor(
        this IHttpClientBuilder builder,
        InterceptorScope scope,
        Func<Interceptor> configureInvoker
    )
    {
        ArgumentNullException.ThrowIfNull(configureInvoker);
        return builder.AddInterceptor(scope, _ => configureInvoker());
    }

    /// <summary>One interceptor for all clients of the name.</summary>
    public static IHttpClientBuilder AddInterceptor(
        this IHttpClientBuilder builder,
        Func<IServiceProvider, Interceptor> configureInvoker
    ) => builder.AddInterceptor(InterceptorScope.Channel, configureInvoker);

    public static IHttpClientBuilder AddInterceptor(
        this IHttpClientBuilder builder,
        InterceptorScope scope,
        Func<IServiceProvider, Interceptor> configureInvoker
    )
    {
        ArgumentNullException.ThrowIfNull(configureInvoker);
        return builder.Configure(
            (_, options) =>
                options.InterceptorRegistrations.Add(
                    new InterceptorRegistration(scope, configureInvoker)
                )
        );
    }

    /// <summary>The container's interceptor of this type, one for all clients of the name.</summary>
    public static IHttpClientBuilder AddInterceptor<TInterceptor>(this IHttpClientBuilder builder)
        where TInterceptor : Interceptor =>
        builder.AddInterceptor<TInterceptor>(InterceptorScope.Channel);

    /// <summary>The container's interceptor of this type.</summary>
    public static IHttpClientBuilder AddInterceptor<TInterceptor>(
        this IHttpClientBuilder builder,
        InterceptorScope scope
    )
        where TInterceptor : Interceptor =>
        builder.AddInterceptor(scope, services => services.GetRequiredService<TInterceptor>());

    /// <summary>Adds metadata, such as a token, to each call over a secure channel.</summary>
    public static IHttpClientBuilder AddCallCredentials(
        this IHttpClientBuilder builder,
        Func<AuthInterceptorContext, Metadata, Task> authInterceptor
    )
    {
        ArgumentNullException.ThrowIfNull(authInterceptor);
        return builder.AddCallCredentials(
            (context, metadata, _) => authInterceptor(context, metadata)
        );
    }

    /// <summary>Adds metadata to each call over a secure channel, with the services of the client's scope.</summary>
    public static IHttpClientBuilder AddCallCredentials(
        this IHttpClientBuilder builder,
        Func<AuthInterceptorContext, Metadata, IServiceProvider, Task> authInterceptor
    )
    {
        ArgumentNullException.ThrowIfNull(authInterceptor);
        return builder.AddCallCredentials(services =>
            CallCredentials.FromInterceptor(
                (context, metadata) => authInterceptor(context, metadata, services)
            )
        );
    }

    public static IHttpClientBuilder AddCallCredentials(
        this IHttpClientBuilder builder,
        CallCredentials credentials
    )
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return builder.AddCallCredentials(_ => credentials);
    }

    private static IHttpClientBuilder AddCallCredentials(
        this IHttpClientBuilder builder,
        Func<IServiceProvider, CallCredentials> create
    ) =>
        builder.Configure(
            (_, options) =>
                options.CallOptionsActions.Add(call =>
                {
                    var credentials = create(call.ServiceProvider);
                    call.CallOptions = call.CallOptions.WithCredentials(
                        call.CallOptions.Credentials is { } own
                            ? CallCredentials.Compose(own, credentials)
                            : credentials
                    );
                })
        );

    private static IHttpClientBuilder Configure(
        this IHttpClientBuilder builder,
        Action<IServiceProvider, GrpcClientFactoryOptions> configure
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder
            .Services.AddOptions<GrpcClientFactoryOptions>(builder.Name)
            .Configure<IServiceProvider>((options, services) => configure(services, options));
        return builder;
    }
}
