using System.Reflection;
using Grpc.AspNetCore.Server.Calls;
using Grpc.AspNetCore.Server.Options;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server.Binding;

/// <summary>Maps an endpoint for each method that generated code names, with the interceptors around the service.</summary>
internal sealed class ServiceBinder<TService>(
    IEndpointRouteBuilder routes,
    MethodOptions options,
    ILoggerFactory loggers
) : ServiceBinderBase
    where TService : class
{
    private readonly ILogger _logger = loggers.CreateLogger(
        "Grpc.AspNetCore.Server.ServerCallHandler"
    );
    private readonly List<IEndpointConventionBuilder> _endpoints = [];

    public IReadOnlyList<IEndpointConventionBuilder> Endpoints => _endpoints;

    private delegate Task<TResponse> Unary<TRequest, TResponse>(
        TService service,
        TRequest request,
        ServerCallContext context
    );

    private delegate Task<TResponse> ClientStreaming<TRequest, TResponse>(
        TService service,
        IAsyncStreamReader<TRequest> requests,
        ServerCallContext context
    );

    private delegate Task ServerStreaming<TRequest, TResponse>(
        TService service,
        TRequest request,
        IServerStreamWriter<TResponse> responses,
        ServerCallContext context
    );

    private delegate Task DuplexStreaming<TRequest, TResponse>(
        TService service,
        IAsyncStreamReader<TRequest> requests,
        IServerStreamWriter<TResponse> responses,
        ServerCallContext context
    );

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        UnaryServerMethod<TRequest, TResponse>? handler
    )
    {
        var (info, call) = Find<Unary<TRequest, TResponse>>(method);
        UnaryServerMethod<TRequest, TResponse> serve = (request, context) =>
            Activated.UseAsync(Service(context), service => call(service, request, context));
        foreach (var registration in options.Interceptors.Reverse())
        {
            var inner = serve;
            serve = (request, context) =>
                Activated.UseAsync(
                    Around(registration, context),
                    interceptor => interceptor.UnaryServerHandler(request, context, inner)
                );
        }

        Map(
            method,
            info,
            new UnaryCallHandler<TRequest, TResponse>(method, options, _logger, serve)
        );
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ClientStreamingServerMethod<TRequest, TResponse>? handler
    )
    {
        var (info, call) = Find<ClientStreaming<TRequest, TResponse>>(method);
        ClientStreamingServerMethod<TRequest, TResponse> serve = (requests, context) =>
            Activated.UseAsync(Service(context), service => call(service, requests, context));
        foreach (var registration in options.Interceptors.Reverse())
        {
            var inner = serve;
            serve = (requests, context) =>
                Activated.UseAsync(
                    Around(registration, context),
                    interceptor =>
                        interceptor.ClientStreamingServerHandler(requests, context, inner)
                );
        }

        Map(
            method,
            info,
            new ClientStreamingCallHandler<TRequest, TResponse>(method, options, _logger, serve)
        );
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ServerStreamingServerMethod<TRequest, TResponse>? handler
    )
    {
        var (info, call) = Find<ServerStreaming<TRequest, TResponse>>(method);
        ServerStreamingServerMethod<TRequest, TResponse> serve = (request, responses, context) =>
            Activated.UseAsync(
                Service(context),
                service => call(service, request, responses, context)
            );
        foreach (var registration in options.Interceptors.Reverse())
        {
            var inner = serve;
            serve = (request, responses, context) =>
                Activated.UseAsync(
                    Around(registration, context),
                    interceptor =>
                        interceptor.ServerStreamingServerHandler(request, responses, context, inner)
                );
        }

        Map(
            method,
            info,
            new ServerStreamingCallHandler<TRequest, TResponse>(method, options, _logger, serve)
        );
    }

    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        DuplexStreamingServerMethod<TRequest, TResponse>? handler
    )
    {
        var (info, call) = Find<DuplexStreaming<TRequest, TResponse>>(method);
        DuplexStreamingServerMethod<TRequest, TResponse> serve = (requests, responses, context) =>
            Activated.UseAsync(
                Service(context),
                service => call(service, requests, responses, context)
            );
        foreach (var registration in options.Interceptors.Reverse())
        {
            var inner = serve;
            serve = (requests, responses, context) =>
                Activated.UseAsync(
                    Around(registration, context),
                    interceptor =>
                        interceptor.DuplexStreamingServerHandler(
                            requests,
                            responses,
                            context,
                            inner
                        )
                );
        }

        Map(
            method,
            info,
            new DuplexStreamingCallHandler<TRequest, TResponse>(method, options, _logger, serve)
        );
    }

    private static Activated<TService> Service(ServerCallContext context) =>
        Activated.Service<TService>(context.GetHttpContext().RequestServices);

    private static Activated<Interceptor> Around(
        InterceptorRegistration registration,
        ServerCallContext context
    ) => registration.Create(context.GetHttpContext().RequestServices);

    /// <summary>The service's method, which overrides the generated one, as attributes and as something to call.</summary>
    private static (MethodInfo Info, TDelegate Call) Find<TDelegate>(IMethod method)
        where TDelegate : Delegate
    {
        var parameters = typeof(TDelegate)
            .GetMethod("Invoke")!
            .GetParameters()
            .Skip(1)
            .Select(parameter => parameter.ParameterType)
            .ToArray();
        var info =
            typeof(TService).GetMethod(
                method.Name,
                BindingFlags.Public | BindingFlags.Instance,
                parameters
            )
            ?? throw new InvalidOperationException(
                $"Could not find '{method.Name}' on {typeof(TService)}."
            );
        return (info, info.CreateDelegate<TDelegate>());
    }

    private void Map(IMethod method, MethodInfo info, CallHandler handler)
    {
        var endpoint = routes.Map(RoutePatternFactory.Parse(method.FullName), handler.HandleAsync);
        endpoint.Add(builder =>
        {
            builder.DisplayName = $"gRPC - {method.FullName}";
            foreach (var attribute in typeof(TService).GetCustomAttributes(inherit: true))
            {
                builder.Metadata.Add(attribute);
            }

            foreach (var attribute in info.GetCustomAttributes(inherit: true))
            {
                builder.Metadata.Add(attribute);
            }

            builder.Metadata.Add(
                new HttpMethodMetadata([HttpMethods.Post], acceptCorsPreflight: true)
            );
            builder.Metadata.Add(new GrpcMethodMetadata(typeof(TService), method));
        });
        _endpoints.Add(endpoint);
    }
}
