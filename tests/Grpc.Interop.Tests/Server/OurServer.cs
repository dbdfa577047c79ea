using System.Net;
using ApiSvc.Interop.Peers;
using ApiSvc.Interop.V1;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.Interop.Server;

/// <summary>The probe on our gRPC server, over HTTP/2 without TLS.</summary>
internal sealed class OurServer(WebApplication application, IPEndPoint address) : IServer
{
    public IPEndPoint Address => address;

    public static async Task<IServer> StartAsync()
    {
        // Without configuration files, of which each host would watch its own: the system allows few watches.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
            {
                kestrel.Listen(
                    IPAddress.Loopback,
                    0,
                    endpoint => endpoint.Protocols = HttpProtocols.Http2
                );
                kestrel.Limits.Http2.MaxStreamsPerConnection = 2000;
            });
        builder.Services.AddSingleton<ProbeState>();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = Limits.MaxMessage;
            options.MaxSendMessageSize = null;
            options.ResponseCompressionAlgorithm = "gzip";
        });
        builder.Services.AddGrpcReflection();
        builder
            .Services.AddGrpcHealthChecks(options =>
                options.Services.Map(Probe.Descriptor.FullName, _ => true)
            )
            .AddCheck<ProbeHealthCheck>("probe");
        builder.Services.Configure<HealthCheckPublisherOptions>(options =>
        {
            options.Delay = TimeSpan.Zero;
            options.Period = TimeSpan.FromSeconds(1);
        });

        var application = builder.Build();
        application.MapGrpcService<ProbeService>();
        application.MapGrpcReflectionService();
        application.MapGrpcHealthChecksService();
        await application.StartAsync();
        var address = new Uri(application.Urls.Single());
        return new OurServer(application, IPEndPoint.Parse(address.Authority));
    }

    public void Kill() => throw new NotSupportedException("It lives in this process.");

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        await application.StopAsync(patience.Token);
        await application.DisposeAsync();
    }
}
