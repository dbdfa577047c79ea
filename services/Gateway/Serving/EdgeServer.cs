using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace ApiSvc.Gateway.Serving;

/// <summary>
/// The host's server, with the gateway's own application in front of the ordinary one: configuration, HTTPS and HTTP/2
/// stay the server's, and calls to APIs pay for nothing that they do not use.
/// </summary>
internal sealed class EdgeServer(IServer inner, Edge edge) : IServer
{
    public IFeatureCollection Features => inner.Features;

    public Task StartAsync<TContext>(
        IHttpApplication<TContext> application,
        CancellationToken cancellationToken
    )
        where TContext : notnull =>
        inner.StartAsync(new EdgeApplication<TContext>(application, edge), cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) =>
        inner.StopAsync(cancellationToken);

    public void Dispose() => inner.Dispose();
}
