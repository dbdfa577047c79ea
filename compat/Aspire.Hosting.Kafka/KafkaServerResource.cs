using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>A Kafka broker.</summary>
public class KafkaServerResource : ContainerResource, IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";

    /// <summary>A broker.</summary>
    public KafkaServerResource(string name)
        : base(name) => PrimaryEndpoint = new EndpointReference(this, EndpointName);

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}");

    IEnumerable<
        KeyValuePair<string, ReferenceExpression>
    > IResourceWithConnectionString.GetConnectionProperties() =>
        [
            new(
                "Host",
                ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Host)}")
            ),
            new(
                "Port",
                ReferenceExpression.Create($"{PrimaryEndpoint.Property(EndpointProperty.Port)}")
            ),
        ];
}
