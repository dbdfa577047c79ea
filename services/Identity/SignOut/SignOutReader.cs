using ApiSvc.Identity.Authorization;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Tokens;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ApiSvc.Identity.SignOut;

/// <summary>A client's request to sign a user out (OpenID Connect RP-Initiated Logout 1.0 section 2).</summary>
/// <param name="Client">Who asks, if it says so.</param>
/// <param name="Session">The session it means, as its ID token says.</param>
/// <param name="Address">Where the browser goes afterwards, with the state; null: nowhere.</param>
internal sealed record SignOutRequest(IssuerClient? Client, string? Session, string? Address);

/// <summary>Judges requests to sign out.</summary>
internal sealed class SignOutReader(OwnTokens tokens, ClientDirectory clients)
{
    /// <returns>The request, or why it is wrong, in words for the user.</returns>
    public async Task<(SignOutRequest? Request, string? Fault)> ReadAsync(
        AuthorizationParameters parameters,
        CancellationToken cancellationToken
    )
    {
        if (parameters.FindRepeated() is { } twice)
        {
            return (null, $"'{twice}' is there more than once.");
        }

        JsonWebToken? hint = null;
        if (parameters["id_token_hint"] is { } text)
        {
            hint = await tokens.ReadIdTokenAsync(text);
            if (hint is null)
            {
                return (
                    null,
                    "The token of the application that sent you here is not one of this service."
                );
            }
        }

        var id = parameters["client_id"] ?? hint?.Audiences.Single();
        if (hint is not null && hint.Audiences.Single() != id)
        {
            return (null, "The application that sent you here has another's token.");
        }

        var client = id is null ? null : (await clients.FindAsync(id, cancellationToken))?.Client;
        var session =
            hint is not null && hint.TryGetPayloadValue<string>("sid", out var sid) ? sid : null;
        if (parameters["post_logout_redirect_uri"] is not { } address)
        {
            return (new(client, session, Address: null), null);
        }

        // Section 3: character by character, and without a known client nowhere.
        if (client is null || !client.PostLogoutRedirectUris.Contains(address))
        {
            return (null, "The address to go to after signing out is not registered.");
        }

        var state = parameters["state"];
        return (
            new(
                client,
                session,
                state is null ? address : QueryHelpers.AddQueryString(address, "state", state)
            ),
            null
        );
    }
}
