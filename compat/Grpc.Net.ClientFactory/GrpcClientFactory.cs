namespace Grpc.Net.ClientFactory;

/// <summary>Makes the gRPC clients that were added, by their names.</summary>
public abstract class GrpcClientFactory
{
    /// <exception cref="InvalidOperationException">There is no client of this name, or it has no address.</exception>
    public abstract TClient CreateClient<TClient>(string name)
        where TClient : class;
}
