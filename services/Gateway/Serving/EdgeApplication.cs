using System.Diagnostics.CodeAnalysis;
using ApiSvc.ServiceDefaults.Endpoints;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace ApiSvc.Gateway.Serving;

/// <summary>Takes the calls of the edge's endpoints, and leaves those of the others to the host.</summary>
internal sealed class EdgeApplication<THost>(IHttpApplication<THost> host, Edge edge)
    : IHttpApplication<EdgeApplication<THost>.Call>
    where THost : notnull
{
    public Call CreateContext(IFeatureCollection contextFeatures)
    {
        // Kestrel keeps one box per connection (HTTP/1.1) or stream object (HTTP/2): so are exchanges used again.
        var box = contextFeatures as IHostContextContainer<Call>;
        var call = box?.HostContext ?? new();
        if (box is not null)
        {
            box.HostContext = call;
        }

        call.IsEdge = Edge.Serves(contextFeatures.Get<IServiceEndpointFeature>()?.Name);
        if (call.IsEdge)
        {
            call.Exchange ??= new(edge);
            call.Exchange.Begin(contextFeatures);
        }
        else
        {
            call.Host = host.CreateContext(contextFeatures);
        }

        return call;
    }

    public Task ProcessRequestAsync(Call context) =>
        context.IsEdge
            ? edge.RunAsync(context.Exchange!).AsTask()
            : host.ProcessRequestAsync(context.Host!);

    public void DisposeContext(Call context, Exception? exception)
    {
        if (context.IsEdge)
        {
            context.Exchange!.End();
        }
        else
        {
            host.DisposeContext(context.Host!, exception);
        }
    }

    [SuppressMessage(
        "Design",
        "CA1034:Nested types should not be visible",
        Justification = "Internal."
    )]
    internal sealed class Call
    {
        public bool IsEdge { get; set; }

        public KestrelExchange? Exchange { get; set; }

        public THost? Host { get; set; }
    }
}
