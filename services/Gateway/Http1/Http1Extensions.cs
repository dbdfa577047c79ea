using System.IO.Pipelines;
using System.Net.Security;
using ApiSvc.Gateway.Calls;
using ApiSvc.Gateway.Http1.Connections;
using ApiSvc.Gateway.Http1.Transport;
using ApiSvc.Gateway.Http1.Transport.Loops;
using ApiSvc.Gateway.Http1.Upstreams;
using ApiSvc.Gateway.Serving;
using ApiSvc.ServiceDefaults.Endpoints;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Http1;

/// <summary>Registers the gateway's own HTTP/1.1.</summary>
internal static class Http1Extensions
{
    // The runtime reads it when the first socket is used: what a socket's bytes are for is done on the thread that saw them come.
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Serves HTTP/1.1 of the edge's endpoints by the engine, unless <c>Edge:Http1:Enabled</c> says no.</summary>
    public static void AddHttp1(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(Http1Options.Section);
        // A part of the edge's options, which are checked as a whole.
        builder.Services.AddSingleton(services =>
            Options.Create(services.GetRequiredService<IOptions<EdgeOptions>>().Value.Http1)
        );
        if (!section.GetValue(nameof(Http1Options.Enabled), defaultValue: true))
        {
            return;
        }

        if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
        {
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        }

        builder.Services.AddSingleton<EventLoops>();
        builder.Services.AddSingleton<UpstreamPools>();
        builder.Services.AddSingleton<Http1Lane>();
        builder.Services.AddSingleton<IConnectionListenerFactory, EdgeListenerFactory>();
        builder.Services.Configure<ServiceEndpointOptions>(options =>
            options.ConfigureEndpoint += Put
        );
    }

    // Behind TLS, before the server's own HTTP.
    private static void Put(string name, EndpointConfiguration endpoint)
    {
        if (!Edge.Serves(name))
        {
            return;
        }

        if (endpoint.IsHttps)
        {
            if (endpoint.ConfigSection.GetSection("Sni").Exists())
            {
                // Certificates by name are set up after this; the server's own HTTP serves such an endpoint.
                return;
            }

            endpoint.ListenOptions.Use(next =>
                connection =>
                {
                    (
                        connection.Features.Get<IConnectionSocketFeature>() as EdgeConnection
                    )?.UseLoop();
                    return next(connection);
                }
            );
            endpoint.ListenOptions.UseHttps(endpoint.HttpsOptions);
        }

        var services = endpoint.ListenOptions.ApplicationServices;
        endpoint.ListenOptions.Use(next =>
        {
            var lane = services.GetRequiredService<Http1Lane>();
            return connection => ServeAsync(lane, next, connection);
        });
    }

    private static async Task ServeAsync(
        Http1Lane lane,
        ConnectionDelegate next,
        ConnectionContext connection
    )
    {
        if (StreamOf(connection) is not { } stream)
        {
            await next(connection);
            return;
        }

        if (await lane.RunAsync(connection, stream) is { } rest)
        {
            connection.Transport = new RestOfConnection(rest);
            await next(connection);
        }
    }

    // Null where the connection does not speak HTTP/1.1.
    private static Stream? StreamOf(ConnectionContext connection)
    {
        var features = connection.Features;
        if (features.Get<ISslStreamFeature>() is { SslStream: var tls })
        {
            _ = TlsBuffers.ReleaseWhenEmpty(tls);
            var agreed =
                features.Get<ITlsApplicationProtocolFeature>()?.ApplicationProtocol ?? default;
            return
                agreed.IsEmpty
                || agreed.Span.SequenceEqual(SslApplicationProtocol.Http11.Protocol.Span)
                ? tls
                : null;
        }

        return features.Get<IConnectionSocketFeature>() is EdgeConnection plain
            ? plain.OpenStream()
            : null;
    }

    // What was read already, and then what comes.
    private sealed class RestOfConnection(Http1Connection connection) : IDuplexPipe
    {
        public PipeReader Input { get; } =
            PipeReader.Create(new RestStream(connection.Reader, connection.Stream));

        public PipeWriter Output { get; } =
            PipeWriter.Create(connection.Stream, new(leaveOpen: true));
    }
}
