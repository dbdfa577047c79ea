using Grpc.Core.Interceptors;

namespace Grpc.Net.ClientFactory;

/// <summary>How long an interceptor lives.</summary>
public enum InterceptorScope
{
    /// <summary>As long as the channel, shared by all clients of the name.</summary>
    Channel = 0,

    /// <summary>As long as one client.</summary>
    Client = 1,
}

/// <summary>An interceptor of clients, how it is made and how long it lives.</summary>
public class InterceptorRegistration(
    InterceptorScope scope,
    Func<IServiceProvider, Interceptor> creator
)
{
    public InterceptorScope Scope { get; } = scope;

    public Func<IServiceProvider, Interceptor> Creator { get; } = creator;
}
