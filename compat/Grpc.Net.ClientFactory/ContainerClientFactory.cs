using Grpc.Core;
using Grpc.Net.ClientFactory.Invokers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grpc.Net.ClientFactory;

/// <summary>Makes clients on the shared channel of their name, with what belongs to this scope around it.</summary>
internal sealed class ContainerClientFactory(
    IServiceProvider services,
    ChannelInvokers channels,
    IOptionsMonitor<GrpcClientFactoryOptions> options
) : GrpcClientFactory
{
    public override TClient CreateClient<TClient>(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var clientOptions = options.Get(name);
        var invoker = InterceptorChain.Add(
            channels.Get(name, typeof(TClient)),
            clientOptions,
            InterceptorScope.Client,
            services
        );
        if (clientOptions.CallOptionsActions.Count > 0)
        {
            invoker = new CallOptionsInvoker(invoker, clientOptions.CallOptionsActions, services);
        }

        return Constructor<TClient>.Create(services, [invoker]);
    }

    private static class Constructor<TClient>
    {
        public static readonly ObjectFactory<TClient> Create =
            ActivatorUtilities.CreateFactory<TClient>([typeof(CallInvoker)]);
    }
}
