using ApiSvc.Identity.Browsers;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.Tokens;

/// <summary>
/// Ends tokens before their time (RFC 7009), for the client they were given to. A refresh token ends with its family. The
/// gateways refuse access tokens from then on; the suite's services, which ask nobody, take them until they expire.
/// </summary>
internal static class RevocationEndpoint
{
    public const string Path = "/connect/revoke";

    public static void MapRevocation(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost(Path, RevokeAsync)
            .TakeProtocolForms()
            .RequireCors(BrowserOrigins.Registered);

    private static async Task<IResult> RevokeAsync(
        HttpContext http,
        ClientAuthenticator clients,
        TokenRevocation revocation,
        CancellationToken cancellationToken
    )
    {
        var (request, client, refusal) = await http.AuthenticateClientAsync(
            clients,
            cancellationToken
        );
        if (refusal is not null)
        {
            return refusal;
        }

        if (request!.Token is not { } token)
        {
            return TokenEndpoint.Refuse(http, TokenError.Missing("token"));
        }

        // Section 2.2: a token that is none, or another's, needs no end; the answer is the same. Section 2.1: what the
        // client thinks it is, is not asked.
        await revocation.RevokeAsync(token, client!, client!.ToActor(request.Address));
        return Results.Ok();
    }
}
