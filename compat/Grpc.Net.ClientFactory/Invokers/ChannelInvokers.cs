using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.Net.ClientFactory.Invokers;

/// <summary>The channels of the clients, one per name and type, each with the interceptors that live as long.</summary>
internal sealed class ChannelInvokers(
    IServiceProvider services,
    IHttpMessageHandlerFactory handlers,
    IOptionsMonitor<GrpcClientFactoryOptions> options,
    ClientNames names,
    ILoggerFactory? loggers = null
) : IDisposable
{
    private readonly ConcurrentDictionary<
        (string Name, Type Type),
        Lazy<(GrpcChannel Channel, CallInvoker Invoker)>
    > _made = new();

    public CallInvoker Get(string name, Type type) =>
        _made
            .GetOrAdd(
                (name, type),
                key => new Lazy<(GrpcChannel, CallInvoker)>(() => Create(key.Name, key.Type))
            )
            .Value.Invoker;

    public void Dispose()
    {
        foreach (var made in _made.Values.Where(made => made.IsValueCreated))
        {
            made.Value.Channel.Dispose();
        }
    }

    private (GrpcChannel Channel, CallInvoker Invoker) Create(string name, Type type)
    {
        if (!names.Contains(name, type))
        {
            throw new InvalidOperationException($"No gRPC client configured with name '{name}'.");
        }

        var clientOptions = options.Get(name);
        if (clientOptions.Address is null)
        {
            throw new InvalidOperationException(
                $"Could not resolve the address for gRPC client '{name}'. Set an address when registering the client: services.AddGrpcClient<{type.Name}>(o => o.Address = new Uri(\"https://localhost:5001\"))."
            );
        }

        var channelOptions = new GrpcChannelOptions
        {
            HttpHandler = handlers.CreateHandler(name),
            LoggerFactory = loggers,
            ServiceProvider = services,
        };
        foreach (var change in clientOptions.ChannelOptionsActions)
        {
            change(channelOptions);
        }

        var channel = GrpcChannel.ForAddress(clientOptions.Address, channelOptions);
        return (
            channel,
            InterceptorChain.Add(
                channel.CreateCallInvoker(),
                clientOptions,
                InterceptorScope.Channel,
                services
            )
        );
    }
}
