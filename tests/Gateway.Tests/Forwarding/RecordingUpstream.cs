using System.Collections.Concurrent;
using System.Text;
using ApiSvc.Gateway.Tests.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Gateway.Tests.Forwarding;

/// <summary>An upstream that remembers what it saw and answers as a test says.</summary>
internal sealed class RecordingUpstream : IAsyncDisposable
{
    public const string IdHeader = "test-id";

    private readonly ConcurrentDictionary<string, Call> _calls = new();
    private readonly ConcurrentDictionary<string, Seen> _seen = new();
    private readonly WebApplication _app;

    private RecordingUpstream(WebApplication app, RequestDelegate? answer)
    {
        _app = app;
        app.Run(
            answer is null
                ? AnswerAsync
                : async context =>
                {
                    Note(context);
                    await answer(context);
                }
        );
    }

    public string Origin { get; private set; } = "";

    public static async Task<RecordingUpstream> StartAsync(
        RequestDelegate? answer = null,
        HttpProtocols protocols = HttpProtocols.Http1
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(k =>
            {
                k.Listen(System.Net.IPAddress.Loopback, 0, l => l.Protocols = protocols);
                k.Limits.MaxRequestBodySize = null;
                k.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
                k.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            });
        var upstream = new RecordingUpstream(builder.Build(), answer);
        await upstream._app.StartAsync();
        upstream.Origin = upstream
            ._app.Services.GetRequiredService<IServer>()
            .Features.GetRequiredFeature<IServerAddressesFeature>()
            .Addresses.Single();
        return upstream;
    }

    public void Expect(Call call) => _calls[call.Id] = call;

    public Seen? Find(Call call) => _seen.GetValueOrDefault(call.Id);

    public Seen Last => _seen.Values.Last();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Call? Note(HttpContext context)
    {
        var id = context.Request.Headers[IdHeader].ToString();
        _seen[id] = new(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            context
                .Request.Headers.SelectMany(h => h.Value.Select(v => (h.Key, Value: v ?? "")))
                .ToLookup(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase)
        );
        return _calls.GetValueOrDefault(id);
    }

    private Task AnswerAsync(HttpContext context)
    {
        var call = Note(context);
        context.Response.StatusCode = call?.UpstreamStatus ?? 200;
        foreach (var (name, value) in call?.UpstreamHeaders ?? [])
        {
            context.Response.Headers.Append(name, value);
        }

        return Task.CompletedTask;
    }
}
