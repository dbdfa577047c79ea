using System.Net;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;
using ApiSvc.FakeProviders;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.AiAdapter.Tests.Translation;

/// <summary>The fake providers behind a socket, and a caller as the adapter's endpoints are one.</summary>
public sealed class FakeProviderServer : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private WebApplication? _app;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapProviders();
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app!.DisposeAsync();
    }

    /// <param name="behaviour">How the provider behaves: the model's name.</param>
    internal Deployment Deployment(string family, string behaviour) =>
        new()
        {
            Name = $"{family} {behaviour}",
            Provider = new()
            {
                Name = family,
                Family = family,
                Address = $"{_app!.Urls.Single()}/{family}",
            },
            Model = behaviour,
            KeyName = "key-1",
        };

    /// <summary>One try: what the client got, and how it went.</summary>
    internal async Task<(byte[] Output, Failure? Failure, bool Passed, Usage Counted)> CallAsync(
        InboundFormat inbound,
        HubRequest request,
        Deployment deployment
    )
    {
        var exchange = new Exchange(inbound, request, new(deployment, Pairs.Time));
        var described = exchange.Write().ShouldBeOfType<WriteOutcome.Ready>().Request;
        using var message = Message(described);
        HttpResponseMessage reply;
        try
        {
            reply = await _client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead);
        }
        catch (HttpRequestException reset)
        {
            return ([], new(FailureKind.Cut, reset.Message), false, default);
        }

        using var _ = reply;
        if (!reply.IsSuccessStatusCode)
        {
            var body = await reply.Content.ReadAsByteArrayAsync();
            var failure = exchange.ReadError(
                new(reply.StatusCode, Header(reply), body, Pairs.Time)
            );
            return ([], failure, false, default);
        }

        using var output = new PooledBuffer();
        if (!request.Stream)
        {
            var body = await reply.Content.ReadAsByteArrayAsync();
            var whole = exchange.ReadAnswer(body, "c1", Pairs.Time, output);
            return (output.Span.ToArray(), whole.Failed, whole.Passed, whole.Counted);
        }

        using var stream = exchange.ReadStream("c1", Pairs.Time, output);
        await PumpAsync(reply, stream);
        return (output.Span.ToArray(), stream.Tap.Failed, stream.Tap.Passed, stream.Tap.Counted);
    }

    private static async Task PumpAsync(HttpResponseMessage reply, IAnswerStream stream)
    {
        await using var source = await reply.Content.ReadAsStreamAsync();
        var buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer)) > 0)
            {
                stream.Push(buffer.AsSpan(0, read));
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            // A connection that breaks ends the bytes: the reader knows whether the answer was whole.
        }

        stream.Complete();
    }

    private static HttpRequestMessage Message(ProviderRequest described)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, described.Address)
        {
            Content = new ReadOnlyMemoryContent(described.Body),
            Version = HttpVersion.Version11,
        };
        message.Content.Headers.ContentType = new(described.ContentType);
        foreach (var (name, value) in described.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }

    private static Func<string, string?> Header(HttpResponseMessage reply) =>
        name => reply.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
