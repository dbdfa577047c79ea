using ApiSvc.GrpcTests.Services;
using Grpc.AspNetCore.Server;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.GrpcTests;

/// <summary>A server on a free loopback port with the probe service, and a channel to it.</summary>
internal sealed class ProbeHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<GrpcChannel> _channels = [];

    private ProbeHost(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    public ProbeJournal Journal => _app.Services.GetRequiredService<ProbeJournal>();

    public static async Task<ProbeHost> StartAsync(
        Action<GrpcServiceOptions>? options = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? map = null,
        HttpProtocols protocols = HttpProtocols.Http2
    )
    {
        // No configuration files: each host would watch them, and watches are few.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(
                    System.Net.IPAddress.Loopback,
                    0,
                    listen => listen.Protocols = protocols
                )
            );
        builder.Services.AddGrpc(grpc => options?.Invoke(grpc));
        builder.Services.AddSingleton<ProbeJournal>();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapGrpcService<ProbeService>();
        map?.Invoke(app);
        await app.StartAsync();
        return new ProbeHost(app);
    }

    public Probe.ProbeClient Client(Action<GrpcChannelOptions>? options = null) =>
        new(Channel(options));

    public GrpcChannel Channel(Action<GrpcChannelOptions>? options = null)
    {
        var channelOptions = new GrpcChannelOptions();
        options?.Invoke(channelOptions);
        var channel = GrpcChannel.ForAddress(Address, channelOptions);
        _channels.Add(channel);
        return channel;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        await _app.DisposeAsync();
    }
}
