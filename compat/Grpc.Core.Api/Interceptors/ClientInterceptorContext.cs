using System.Runtime.InteropServices;

namespace Grpc.Core.Interceptors;

/// <summary>A call as an interceptor of the client sees it.</summary>
[StructLayout(LayoutKind.Auto)]
public struct ClientInterceptorContext<TRequest, TResponse>(
    Method<TRequest, TResponse> method,
    string? host,
    CallOptions options
)
    where TRequest : class
    where TResponse : class
{
    public Method<TRequest, TResponse> Method { get; } = method;

    public string? Host { get; } = host;

    public CallOptions Options { get; } = options;
}
