namespace Microsoft.AspNetCore.Builder;

/// <summary>Conventions for all methods of a service.</summary>
public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IReadOnlyList<IEndpointConventionBuilder> _methods;

    internal GrpcServiceEndpointConventionBuilder(
        IReadOnlyList<IEndpointConventionBuilder> methods
    ) => _methods = methods;

    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var method in _methods)
        {
            method.Add(convention);
        }
    }

    public void Finally(Action<EndpointBuilder> finallyConvention)
    {
        foreach (var method in _methods)
        {
            method.Finally(finallyConvention);
        }
    }
}
