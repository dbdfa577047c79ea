using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Permissions;
using Grpc.AspNetCore.Server;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what every gRPC service and client of the suite has.</summary>
public static class GrpcExtensions
{
    /// <summary>Adds gRPC, with permissions and problems for every service of this process.</summary>
    public static IServiceCollection AddGrpcDefaults(this IServiceCollection services)
    {
        services.AddGrpc(options =>
        {
            // The first is the outermost: problems of the permission check are translated too.
            options.Interceptors.Add<ProblemInterceptor>();
            options.Interceptors.Add<PermissionInterceptor>();
        });
        return services;
    }

    /// <summary>
    /// Adds a client of another service of the suite: found by service discovery, called with this service's token,
    /// within the deadline of the call that is being answered.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="service">The service's name, such as <c>catalog</c>: its address and the token's audience.</param>
    public static IHttpClientBuilder AddServiceClient<TClient>(
        this IServiceCollection services,
        string service
    )
        where TClient : class =>
        services
            .AddGrpcClient<TClient>(
                (provider, options) =>
                    options.Address = AddressOf(
                        service,
                        provider.GetRequiredService<IConfiguration>()
                    )
            )
            .WithDiscoveryOnly()
            .EnableCallContextPropagation(options => options.SuppressContextNotFoundErrors = true)
            .AddServiceToken(service);

    // A channel wants to know beforehand whether there will be TLS; what is configured for discovery says so.
    internal static Uri AddressOf(string service, IConfiguration configuration)
    {
        var isPlaintext =
            configuration[$"services:{service}:grpc:0"]
                ?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true;
        return new Uri($"{(isPlaintext ? "http" : "https")}://_grpc.{service}");
    }
}
