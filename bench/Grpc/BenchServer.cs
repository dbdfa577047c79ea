using System.Buffers;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ApiSvc.Bench;

/// <summary>The gRPC service and, beside it on the same endpoint, plain HTTP/2 that does the same.</summary>
internal sealed class BenchServer(WebApplication application) : IAsyncDisposable
{
    public Uri Address { get; } = new(application.Urls.Single());

    public static async Task<BenchServer> StartAsync()
    {
        // Without configuration files, of which each host would watch its own: the system allows few watches.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel =>
                kestrel.Listen(
                    IPAddress.Loopback,
                    0,
                    endpoint => endpoint.Protocols = HttpProtocols.Http2
                )
            );
        builder.Services.AddGrpc();
        var application = builder.Build();
        application.MapGrpcService<MirrorService>();
        application.MapPost("/plain", MirrorAsync);
        await application.StartAsync();
        return new(application);
    }

    public ValueTask DisposeAsync() => application.DisposeAsync();

    /// <summary>Reads the whole body, then answers with it, as a unary call must.</summary>
    private static async Task MirrorAsync(HttpContext context)
    {
        var input = context.Request.BodyReader;
        var read = await input.ReadAsync();
        while (!read.IsCompleted)
        {
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await input.ReadAsync();
        }

        context.Response.ContentType = "application/octet-stream";
        foreach (var part in read.Buffer)
        {
            context.Response.BodyWriter.Write(part.Span);
        }

        input.AdvanceTo(read.Buffer.End);
        await context.Response.BodyWriter.FlushAsync();
    }
}
