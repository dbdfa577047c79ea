using System.Text.Json.Serialization;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.DeviceCodes;

/// <summary>
/// Gives a device, such as a command line, a code for its user to enter elsewhere (RFC 8628 section 3.1). Clients that are
/// registered for it may call.
/// </summary>
internal static class DeviceAuthorizationEndpoint
{
    public const string Path = "/connect/device-authorization";

    public static void MapDeviceAuthorization(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, GiveAsync).TakeProtocolForms();

    private static async Task<IResult> GiveAsync(
        HttpContext http,
        ClientAuthenticator clients,
        DeviceCodeStore codes,
        IOptions<TokenOptions> tokens,
        IOptions<IssuerOptions> issuer,
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

        if (!client!.Uses(GrantTypes.DeviceCode))
        {
            return TokenEndpoint.Refuse(
                http,
                new("unauthorized_client", "This client is not registered for device codes.")
            );
        }

        if (client.FindScopes(request!.Scope) is not { } scopes)
        {
            return TokenEndpoint.Refuse(http, new("invalid_scope", client.ScopesInWords));
        }

        var (code, userCode) = await codes.AddAsync(client, scopes);
        var page = tokens.Value.Issuer.TrimEnd('/') + DevicePages.Path;
        var shown = UserCode.Show(userCode);
        return Results.Json(
            new DeviceAuthorizationAnswer(
                code,
                shown,
                page,
                $"{page}?user_code={shown}",
                (long)issuer.Value.DeviceCodeLifetime.TotalSeconds,
                DeviceCodeStore.Interval
            )
        );
    }
}

/// <summary>RFC 8628 section 3.2.</summary>
internal sealed record DeviceAuthorizationAnswer(
    [property: JsonPropertyName("device_code")] string DeviceCode,
    [property: JsonPropertyName("user_code")] string UserCode,
    [property: JsonPropertyName("verification_uri")] string VerificationUri,
    [property: JsonPropertyName("verification_uri_complete")] string VerificationUriComplete,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    [property: JsonPropertyName("interval")] int Interval
)
{
    /// <summary>Without the codes: a record's text ends up in logs.</summary>
    public override string ToString() => VerificationUri;
}
