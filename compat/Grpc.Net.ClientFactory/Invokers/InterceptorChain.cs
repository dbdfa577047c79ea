using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Grpc.Net.ClientFactory.Invokers;

internal static class InterceptorChain
{
    /// <summary>The interceptors of one scope before an invoker, the first outermost.</summary>
    public static CallInvoker Add(
        CallInvoker invoker,
        GrpcClientFactoryOptions options,
        InterceptorScope scope,
        IServiceProvider services
    ) =>
        invoker.Intercept([
            .. options
                .InterceptorRegistrations.Where(registration => registration.Scope == scope)
                .Select(registration => registration.Creator(services)),
        ]);
}
