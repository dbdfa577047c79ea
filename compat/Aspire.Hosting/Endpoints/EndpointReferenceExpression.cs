using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of an endpoint's address.</summary>
public class EndpointReferenceExpression(
    EndpointReference endpointReference,
    EndpointProperty property
) : IExpressionValue
{
    /// <summary>The endpoint.</summary>
    public EndpointReference Endpoint { get; } = endpointReference;

    /// <summary>The part.</summary>
    public EndpointProperty Property { get; } = property;

    /// <inheritdoc />
    public string ValueExpression =>
        $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{(Property == EndpointProperty.IPV4Host ? "host" : char.ToLowerInvariant(Property.ToString()[0]) + Property.ToString()[1..])}}}";

    /// <summary>The part's value.</summary>
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) =>
        new(
            Property switch
            {
                EndpointProperty.Url => Endpoint.Url,
                EndpointProperty.Host => Endpoint.Host,
                EndpointProperty.IPV4Host => "127.0.0.1",
                EndpointProperty.Port or EndpointProperty.TargetPort => Endpoint.Port.ToString(
                    CultureInfo.InvariantCulture
                ),
                EndpointProperty.Scheme => Endpoint.Scheme,
                EndpointProperty.HostAndPort => $"{Endpoint.Host}:{Endpoint.Port}",
                _ => throw new InvalidOperationException($"No property {Property}."),
            }
        );
}
