namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>What a request's address asks for.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Endpoint">The endpoint's name, or none for the one called as the scheme.</param>
/// <param name="Schemes">The schemes, the preferred first.</param>
internal sealed record ServiceQuery(string Service, string? Endpoint, IReadOnlyList<string> Schemes)
{
    /// <summary>Reads <c>https+http://_endpoint.service</c>.</summary>
    public static ServiceQuery Parse(Uri uri)
    {
        var host = uri.Host;
        var dot = host.IndexOf('.', StringComparison.Ordinal);
        var isNamed = host.StartsWith('_') && dot > 1 && dot < host.Length - 1;
        return new(
            isNamed ? host[(dot + 1)..] : host,
            isNamed ? host[1..dot] : null,
            uri.Scheme.Split('+')
        );
    }
}
