namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names an endpoint of a resource; where it is, is known once the application starts.</summary>
public sealed class EndpointReference : IExpressionValue
{
    /// <summary>Names an endpoint.</summary>
    public EndpointReference(IResourceWithEndpoints owner, string endpointName)
    {
        Resource = owner;
        EndpointName = endpointName;
    }

    internal EndpointReference(IResourceWithEndpoints owner, EndpointAnnotation endpoint)
        : this(owner, endpoint.Name) { }

    /// <summary>Whose it is.</summary>
    public IResourceWithEndpoints Resource { get; }

    /// <summary>The endpoint's name.</summary>
    public string EndpointName { get; }

    /// <summary>Whether there is such an endpoint.</summary>
    public bool Exists => Find() is not null;

    /// <summary>Whether it is known where it is.</summary>
    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;

    /// <summary>The endpoint.</summary>
    /// <exception cref="InvalidOperationException">The resource has no endpoint of this name.</exception>
    public EndpointAnnotation EndpointAnnotation =>
        Find()
        ?? throw new InvalidOperationException(
            $"The resource '{Resource.Name}' has no endpoint '{EndpointName}'; it has: {string.Join(", ", Resource.Annotations.OfType<EndpointAnnotation>().Select(e => e.Name))}."
        );

    /// <summary>The port.</summary>
    public int Port => Allocated.Port;

    /// <summary>The port that the resource listens on.</summary>
    public int? TargetPort => Find()?.AllocatedEndpoint is null ? null : Allocated.Port;

    /// <summary>The host.</summary>
    public string Host => Allocated.Address;

    /// <summary>The scheme.</summary>
    public string Scheme => EndpointAnnotation.UriScheme;

    /// <summary>Scheme, host and port.</summary>
    public string Url => Allocated.UriString;

    string IManifestExpressionProvider.ValueExpression =>
        $"{{{Resource.Name}.bindings.{EndpointName}.url}}";

    private AllocatedEndpoint Allocated
    {
        get
        {
            var allocated = EndpointAnnotation.Allocated;
            return allocated.Count > 0
                ? allocated[Math.Min(ReplicaScope.IndexOf(Resource), allocated.Count - 1)]
                : throw new InvalidOperationException(
                    $"Where the endpoint '{EndpointName}' of '{Resource.Name}' is, is known once the application starts."
                );
        }
    }

    /// <summary>A part of its address.</summary>
    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    /// <summary>Scheme, host and port.</summary>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        new(Url);

    private EndpointAnnotation? Find() =>
        Resource
            .Annotations.OfType<EndpointAnnotation>()
            .FirstOrDefault(e =>
                string.Equals(e.Name, EndpointName, StringComparison.OrdinalIgnoreCase)
            );
}

/// <summary>Parts of an endpoint's address.</summary>
public enum EndpointProperty
{
    /// <summary>Scheme, host and port.</summary>
    Url = 0,

    /// <summary>The host.</summary>
    Host = 1,

    /// <summary>The host as an IPv4 address.</summary>
    IPV4Host = 2,

    /// <summary>The port.</summary>
    Port = 3,

    /// <summary>The scheme.</summary>
    Scheme = 4,

    /// <summary>The port that the resource listens on.</summary>
    TargetPort = 5,

    /// <summary>Host and port.</summary>
    HostAndPort = 6,
}
