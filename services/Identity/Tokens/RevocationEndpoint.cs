using ApiSvc.Identity.Changes;
using ApiSvc.Identity.GatewayCredentials;
using ApiSvc.Identity.Keys;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Endpoints;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Dapper;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tokens;

/// <summary>
/// Ends access tokens before their time (RFC 7009). The gateways refuse them from then on; the suite's services, which
/// ask nobody, take them until they expire.
/// </summary>
internal static class RevocationEndpoint
{
    public const string Path = "/connect/revoke";

    private static readonly JsonWebTokenHandler Handler = new();

    public static void MapRevocation(this IEndpointRouteBuilder routes) =>
        routes
            .MapPost(Path, RevokeAsync)
            .ServeOn(PublicEndpoints.Names)
            .AllowAnonymousCaller()
            .WithMetadata(new RequestSizeLimitAttribute(TokenRequest.BodyLimit))
            .ExcludeFromDescription();

    private static async Task<IResult> RevokeAsync(
        HttpContext http,
        ClientDirectory clients,
        SigningKeys keys,
        IOptions<TokenOptions> tokens,
        UnitOfWork work,
        CredentialLog log,
        CancellationToken cancellationToken
    )
    {
        var (request, malformed) = await TokenRequest.ReadAsync(http.Request, cancellationToken);
        if (request is null)
        {
            return TokenEndpoint.Refuse(http, malformed!);
        }

        if (
            await clients.AuthenticateAsync(
                request.ClientId,
                request.ClientSecret,
                cancellationToken
            )
            is not { } client
        )
        {
            return TokenEndpoint.Refuse(http, TokenError.InvalidClient);
        }

        if (request.Token is null)
        {
            return TokenEndpoint.Refuse(http, TokenError.InvalidRequest("'token' is missing."));
        }

        // Section 2.2: a token that is none, or another's, needs no end; the answer is the same.
        if (await ReadAsync(request.Token, client, keys, tokens.Value) is { } token)
        {
            await EndAsync(token, client, http, work, log);
        }

        return Results.Ok();
    }

    private static async Task<JsonWebToken?> ReadAsync(
        string text,
        IssuerClient client,
        SigningKeys keys,
        TokenOptions tokens
    )
    {
        var result = await Handler.ValidateTokenAsync(
            text,
            new TokenValidationParameters
            {
                ValidIssuer = tokens.Issuer,
                ValidateAudience = false,
                ValidTypes = ["at+jwt"],
                ValidAlgorithms = [SigningKey.Algorithm],
                IssuerSigningKeys = keys.All.Select(k => k.Key),
            }
        );
        return
            result is { IsValid: true, SecurityToken: JsonWebToken token }
            && token.TryGetPayloadValue<string>("client_id", out var owner)
            && owner == client.Id
            ? token
            : null;
    }

    private static async Task EndAsync(
        JsonWebToken token,
        IssuerClient client,
        HttpContext http,
        UnitOfWork work,
        CredentialLog log
    )
    {
        var db = await work.OpenAsync();
        var expiresAt = DateTime.SpecifyKind(token.ValidTo, DateTimeKind.Utc);
        var count = await db.ExecuteAsync(
            "insert into revoked_tokens (token_id, expires_at) values (@Id, @expiresAt) on conflict do nothing",
            new { token.Id, expiresAt }
        );
        if (count == 0)
        {
            return;
        }

        log.PutRevoked(token.Id, expiresAt);
        var actor = new Actor(
            new Caller
            {
                Kind = CallerKind.Client,
                Subject = client.Id,
                ClientId = client.Id,
            },
            http.Connection.RemoteIpAddress
        );
        work.AddAudit(actor.Did("access-token.revoke", token.Id, team: null));
        await log.AppendAsync();
        await work.CommitAsync();
    }
}
