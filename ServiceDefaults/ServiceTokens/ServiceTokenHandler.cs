using System.Net.Http.Headers;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>Adds this service's token for the called service, unless the call carries a token already.</summary>
internal sealed class ServiceTokenHandler(IServiceTokens tokens, string audience)
    : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Headers.Authorization ??= new AuthenticationHeaderValue(
            "Bearer",
            await tokens.GetAsync(audience, cancellationToken)
        );
        return await base.SendAsync(request, cancellationToken);
    }
}
