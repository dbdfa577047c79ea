namespace Aspire.Hosting.ApplicationModel;

/// <summary>A Redis server.</summary>
public class RedisResource : ContainerResource, IResourceWithConnectionString
{
    internal const string EndpointName = "tcp";

    /// <summary>A server with a password.</summary>
    public RedisResource(string name, ParameterResource password)
        : base(name)
    {
        PasswordParameter = password;
        PrimaryEndpoint = new EndpointReference(this, EndpointName);
    }

    /// <summary>Where it listens.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The password.</summary>
    public ParameterResource? PasswordParameter { get; }

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create(
            $"{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)},password={PasswordParameter!}"
        );

    /// <summary>As an address: <c>redis://:password@host:port</c>.</summary>
    public ReferenceExpression UriExpression =>
        ReferenceExpression.Create(
            $"redis://:{PasswordParameter!}@{PrimaryEndpoint.Property(EndpointProperty.HostAndPort)}"
        );

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
            new("Password", ReferenceExpression.Create($"{PasswordParameter!}")),
            new("Uri", UriExpression),
        ];
}
