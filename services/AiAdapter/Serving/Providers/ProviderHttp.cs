using System.Net;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.ServiceDefaults.Egress;

namespace ApiSvc.AiAdapter.Serving.Providers;

/// <summary>The connections to providers, guarded: their addresses come from teams.</summary>
internal sealed class ProviderHttp(EgressGuard guard) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(
        new GuardedHandler { InnerHandler = CreateHandler(guard) }
    );

    /// <summary>Sends; the answer's body is still to be read.</summary>
    /// <exception cref="EgressBlockedException">The address may not be called.</exception>
    /// <exception cref="HttpRequestException">Nobody answered.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        ProviderRequest request,
        CancellationToken cancellationToken
    )
    {
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

    /// <summary>An answer that is no success, for the family to read.</summary>
    /// <param name="answer">Its head.</param>
    /// <param name="body">Null: it was longer than an error is.</param>
    /// <param name="now">What waiting times count from.</param>
    public static ProviderReply ReplyOf(
        HttpResponseMessage answer,
        byte[]? body,
        DateTimeOffset now
    ) =>
        new(
            answer.StatusCode,
            name =>
                answer.Headers.TryGetValues(name, out var values)
                || answer.Content.Headers.TryGetValues(name, out values)
                    ? string.Join(',', values)
                    : null,
            body,
            now
        );

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
