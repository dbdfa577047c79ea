using Grpc.Core;

namespace Grpc.Net.ClientFactory;

/// <summary>The options of a call that is to be made, for those who change them.</summary>
public sealed class CallOptionsContext(CallOptions callOptions, IServiceProvider serviceProvider)
{
    public CallOptions CallOptions { get; set; } = callOptions;

    /// <summary>Of the scope that the client belongs to.</summary>
    public IServiceProvider ServiceProvider { get; } = serviceProvider;
}
