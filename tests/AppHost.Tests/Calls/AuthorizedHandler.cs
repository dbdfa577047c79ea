using System.Net.Http.Headers;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>Sends requests with a client's token.</summary>
internal sealed class AuthorizedHandler(Tokens tokens, string client, string audience)
    : DelegatingHandler(new SocketsHttpHandler { EnableMultipleHttp2Connections = true })
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            await tokens.OfAsync(client, audience)
        );
        return await base.SendAsync(request, cancellationToken);
    }
}
