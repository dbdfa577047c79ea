using System.Net;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.ServiceDefaults.Egress;

namespace ApiSvc.AiAdapter.Serving.Providers;

/// <summary>The connections to providers, guarded: their addresses come from teams.</summary>
internal sealed class ProviderHttp(EgressGuard guard) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(CreateHandler(guard));

    /// <summary>Sends; the answer's body is still to be read.</summary>
    /// <exception cref="EgressBlockedException">The address may not be called.</exception>
    /// <exception cref="HttpRequestException">Nobody answered.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        ProviderRequest request,
        CancellationToken cancellationToken
    )
    {
        if (guard.Judge(request.Address) is { } reason)
        {
            throw new EgressBlockedException(request.Address.Host, reason);
        }

        using var message = new HttpRequestMessage(HttpMethod.Post, request.Address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new ReadOnlyMemoryContent(request.Body)
            {
                Headers = { ContentType = new(request.ContentType) },
            },
        };
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return await _http.SendAsync(message, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler CreateHandler(EgressGuard guard)
    {
        var handler = guard.CreateHandler();
        handler.EnableMultipleHttp2Connections = true;
        // Traces end here: a provider is not told of them.
        handler.ActivityHeadersPropagator = null;
        return handler;
    }
}
