using Microsoft.AspNetCore.Server.Kestrel;

namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>What a service listens on besides the three endpoints; set in code.</summary>
public sealed class ServiceEndpointOptions
{
    /// <summary>
    /// Names of further endpoints, as in <c>Kestrel:Endpoints:&lt;name&gt;</c>. Their protocols are as configured; only
    /// routes with <c>ServeOn(name)</c> are served on them.
    /// </summary>
    public IList<string> Additional { get; } = [];

    /// <summary>
    /// Sets up an endpoint, by its name, after what all have in common: to look at its connections before their protocol does.
    /// </summary>
    public Action<string, EndpointConfiguration>? ConfigureEndpoint { get; set; }
}
