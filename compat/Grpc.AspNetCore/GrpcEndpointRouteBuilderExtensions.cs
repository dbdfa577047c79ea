using Grpc.AspNetCore.Server;
using Grpc.AspNetCore.Server.Binding;
using Grpc.AspNetCore.Server.Options;
using Grpc.AspNetCore.Server.Refusals;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Serves gRPC services.</summary>
public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>
    /// An endpoint for each method of the service, with the attributes of its type and method as metadata, and one for
    /// calls of methods that are not there.
    /// </summary>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<TService>(
        this IEndpointRouteBuilder builder
    )
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.ServiceProvider;
        if (services.GetService<GrpcMarker>() is null)
        {
            throw new InvalidOperationException(
                "Unable to find the required services. Please add all the required services by calling 'IServiceCollection.AddGrpc' inside the call to 'ConfigureServices(...)' in the application startup code."
            );
        }

        var options = MethodOptions.Create(
            services.GetRequiredService<IOptions<GrpcServiceOptions>>().Value,
            services.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value
        );
        var binder = new ServiceBinder<TService>(
            builder,
            options,
            services.GetRequiredService<ILoggerFactory>()
        );
        BindMethod.Of(typeof(TService)).Bind(binder);
        UnknownMethods.Map(builder);
        return new GrpcServiceEndpointConventionBuilder(binder.Endpoints);
    }
}
