using ApiSvc.Identity.ClientAuthentication;

namespace ApiSvc.Identity.Tokens;

/// <summary>A way to get tokens (RFC 6749 section 1.3): one per grant type.</summary>
internal interface ITokenGrant
{
    /// <summary>As in <c>grant_type</c>.</summary>
    string Type { get; }

    /// <param name="request">What the client sent.</param>
    /// <param name="client">The client, which has proved itself and may use this way.</param>
    /// <param name="cancellationToken">Ends it with the request.</param>
    Task<TokenOutcome> GiveAsync(
        TokenRequest request,
        IssuerClient client,
        CancellationToken cancellationToken
    );
}
