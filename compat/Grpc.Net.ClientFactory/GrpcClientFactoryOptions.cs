using Grpc.Net.Client;

namespace Grpc.Net.ClientFactory;

/// <summary>How clients of one name call.</summary>
public class GrpcClientFactoryOptions
{
    /// <summary>Where to; with service discovery the host is the name of a service.</summary>
    public Uri? Address { get; set; }

    /// <summary>Change the options of the channel, in order, before it is made.</summary>
    public IList<Action<GrpcChannelOptions>> ChannelOptionsActions { get; } = [];

    /// <summary>Change the options of every call, in order.</summary>
    public IList<Action<CallOptionsContext>> CallOptionsActions { get; } = [];

    /// <summary>Stand around every call, the first outermost.</summary>
    public IList<InterceptorRegistration> InterceptorRegistrations { get; } = [];
}
