using System.Text;
using ApiSvc.Gateway.Calls;
using ApiSvc.Gateway.Forwarding;
using ApiSvc.Gateway.Http1;
using ApiSvc.Gateway.State;
using ApiSvc.ServiceDefaults.Configuration;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ApiSvc.Gateway.Serving;

/// <summary>Registers the way of calls to APIs.</summary>
internal static class ServingExtensions
{
    /// <summary>Serves APIs on <c>http</c> and <c>https</c>; the other endpoints stay the host's.</summary>
    public static void AddEdge(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddValidatedOptions<EdgeOptions>(EdgeOptions.Section);
        services.AddHttpForwarder();
        services.AddSingleton<UpstreamClients>();
        services.AddSingleton<CallTelemetry>();
        services.AddSingleton<CallPath>();
        services.AddSingleton<Edge>();
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // Latin-1 keeps each byte of a field as it came; UTF-8 would refuse some and ASCII all that are not.
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
        });
        builder.AddHttp1();
        Decorate(services);
    }

    private static void Decorate(IServiceCollection services)
    {
        var kestrel = services.Last(s => s.ServiceType == typeof(IServer));
        services.Remove(kestrel);
        services.AddSingleton<IServer>(provider => new EdgeServer(
            (IServer)ActivatorUtilities.CreateInstance(provider, kestrel.ImplementationType!),
            provider.GetRequiredService<Edge>()
        ));
    }
}
