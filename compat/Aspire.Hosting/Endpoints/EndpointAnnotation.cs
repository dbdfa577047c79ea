using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Where a resource listens.</summary>
public sealed class EndpointAnnotation : IResourceAnnotation
{
    private string? _name;
    private string? _transport;

    /// <summary>Describes an endpoint.</summary>
    /// <param name="protocol">TCP or UDP.</param>
    /// <param name="uriScheme">The scheme of its address; null: the protocol's name.</param>
    /// <param name="transport">What is spoken: <c>http</c>, <c>http2</c>, <c>tcp</c>; null: what the scheme says.</param>
    /// <param name="name">Its name; null: the scheme.</param>
    /// <param name="port">The port that callers use; null: a free one.</param>
    /// <param name="targetPort">The port that the resource listens on; here it is the same.</param>
    /// <param name="isExternal">Whether callers outside the application may use it.</param>
    /// <param name="isProxied">Means nothing here: callers reach the resource itself.</param>
    public EndpointAnnotation(
        ProtocolType protocol,
        string? uriScheme = null,
        string? transport = null,
        string? name = null,
        int? port = null,
        int? targetPort = null,
        bool? isExternal = null,
        bool? isProxied = null
    )
    {
        Protocol = protocol;
        UriScheme = uriScheme ?? (protocol == ProtocolType.Udp ? "udp" : "tcp");
        _transport = transport;
        _name = name;
        Port = port;
        TargetPort = targetPort;
        IsExternal = isExternal ?? false;
        IsProxied = isProxied ?? true;
    }

    /// <summary>TCP or UDP.</summary>
    public ProtocolType Protocol { get; set; }

    /// <summary>The scheme of its address.</summary>
    public string UriScheme { get; set; }

    /// <summary>Its name.</summary>
    public string Name
    {
        get => _name ?? UriScheme;
        set => _name = value;
    }

    /// <summary>What is spoken: <c>http</c>, <c>http2</c>, <c>tcp</c>.</summary>
    public string Transport
    {
        get => _transport ?? (IsHttp ? "http" : "tcp");
        set => _transport = value;
    }

    /// <summary>The port that callers use; null: a free one.</summary>
    public int? Port { get; set; }

    /// <summary>The port that the resource listens on.</summary>
    public int? TargetPort { get; set; }

    /// <summary>The host that the resource listens on.</summary>
    public string TargetHost { get; set; } = "localhost";

    /// <summary>Whether callers outside the application may use it.</summary>
    public bool IsExternal { get; set; }

    /// <summary>Means nothing here: callers reach the resource itself.</summary>
    public bool IsProxied { get; set; }

    /// <summary>Where it is, once the application starts: of several replicas the first.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => Allocated.Count > 0 ? Allocated[0] : null;
        set => Allocated = value is null ? [] : [value];
    }

    /// <summary>Where each replica listens.</summary>
    internal IReadOnlyList<AllocatedEndpoint> Allocated { get; set; } = [];

    /// <summary>The variable that tells the resource its port.</summary>
    internal string? EnvironmentVariable { get; set; }

    internal bool IsHttp => UriScheme is "http" or "https";
}

/// <summary>An endpoint's address.</summary>
public class AllocatedEndpoint
{
    internal AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
    {
        Endpoint = endpoint;
        Address = address;
        Port = port;
    }

    /// <summary>The endpoint.</summary>
    public EndpointAnnotation Endpoint { get; }

    /// <summary>The host.</summary>
    public string Address { get; }

    /// <summary>The port.</summary>
    public int Port { get; }

    /// <summary>The scheme.</summary>
    public string UriScheme => Endpoint.UriScheme;

    /// <summary>Host and port.</summary>
    public string EndPointString => $"{Address}:{Port}";

    /// <summary>Scheme, host and port.</summary>
    public string UriString => $"{UriScheme}://{EndPointString}";
}
