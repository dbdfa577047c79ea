using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ApiSvc.AppHost.Tests.Secrets;

/// <summary>Takes what the services send of traces, metrics and logs (OTLP over HTTP), and keeps it while it is told to.</summary>
internal sealed class TelemetrySink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _kept = new();
    private volatile bool _keeps;

    private TelemetrySink(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>What was kept, a byte a character.</summary>
    public IReadOnlyCollection<string> Kept => _kept;

    public static async Task<TelemetrySink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var sink = new TelemetrySink(app);
        app.MapPost("/v1/{signal}", sink.TakeAsync);
        await app.StartAsync();
        return sink;
    }

    public void Keep(bool keeps) => _keeps = keeps;

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        if (_keeps)
        {
            _kept.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
        }

        // An answer without anything is an answer that all was taken.
        return Results.Bytes([], "application/x-protobuf");
    }
}
