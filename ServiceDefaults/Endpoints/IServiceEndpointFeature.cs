namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>Which of the service's endpoints a connection came in on; absent where no real connection is.</summary>
public interface IServiceEndpointFeature
{
    /// <summary>The name, one of <see cref="ServiceEndpoints"/> or one that the service added.</summary>
    string Name { get; }
}

internal sealed record ServiceEndpointFeature(string Name) : IServiceEndpointFeature;
