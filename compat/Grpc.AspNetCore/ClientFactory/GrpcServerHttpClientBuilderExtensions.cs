using Grpc.AspNetCore.ClientFactory;
using Grpc.Net.ClientFactory;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets calls of a client belong to the server call that makes them.</summary>
public static class GrpcServerHttpClientBuilderExtensions
{
    /// <summary>The deadline and the cancellation of the server call hold for the client's calls too.</summary>
    public static IHttpClientBuilder EnableCallContextPropagation(
        this IHttpClientBuilder builder
    ) => builder.EnableCallContextPropagation(_ => { });

    public static IHttpClientBuilder EnableCallContextPropagation(
        this IHttpClientBuilder builder,
        Action<GrpcContextPropagationOptions> configureOptions
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configureOptions);
        builder.Services.AddHttpContextAccessor();
        builder.Services.Configure(builder.Name, configureOptions);
        return builder.AddInterceptor(
            InterceptorScope.Channel,
            services =>
                ActivatorUtilities.CreateInstance<CallContextInterceptor>(services, builder.Name)
        );
    }
}
