using System.Text.Json.Serialization;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Grants;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ApiSvc.Identity.Tokens;

/// <summary>
/// Says whether a token is good (RFC 7662). A client that proves itself hears of its own tokens, so a team of its own
/// applications' alone; the suite's services hear of all. To others every token is one that is not active.
/// </summary>
internal static class IntrospectionEndpoint
{
    public const string Path = "/connect/introspect";

    public static void MapIntrospection(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, TellAsync).TakeProtocolForms();

    private static async Task<IResult> TellAsync(
        HttpContext http,
        ClientAuthenticator clients,
        Introspection introspection,
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

        // Section 2.1: some proof there must be, or tokens could be tried out.
        if (client!.IsPublic)
        {
            return TokenEndpoint.Refuse(http, TokenError.InvalidClient);
        }

        return request!.Token is { } token
            ? Results.Json(await introspection.LookAtAsync(token, client, cancellationToken))
            : TokenEndpoint.Refuse(http, TokenError.Missing("token"));
    }
}

/// <summary>Looks at tokens for clients.</summary>
internal sealed class Introspection(
    LiveTokens tokens,
    NpgsqlDataSource database,
    IOptions<TokenOptions> options,
    TimeProvider time
)
{
    public async Task<IntrospectionDocument> LookAtAsync(
        string text,
        IssuerClient client,
        CancellationToken cancellationToken
    )
    {
        if (await tokens.FindAccessTokenAsync(text, cancellationToken) is { } token)
        {
            var owner = token.GetPayloadValue<string>("client_id");
            return MayHear(client, owner) ? Describe(token, owner) : IntrospectionDocument.None;
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        return
            await RefreshTokenRow.FindAsync(db, text) is { UsedAt: null } refresh
            && await GrantRow.FindAsync(db, refresh.GrantId) is { RevokedAt: null } grant
            && time.Now() < refresh.ExpiresAt
            && MayHear(client, grant.ClientId)
            ? Describe(refresh, grant)
            : IntrospectionDocument.None;
    }

    private static bool MayHear(IssuerClient client, string owner) =>
        client.Id == owner || client.Kind == ClientKind.Service;

    private static IntrospectionDocument Describe(JsonWebToken token, string owner) =>
        new(IsActive: true)
        {
            Issuer = token.Issuer,
            ClientId = owner,
            Subject = token.Subject,
            Audiences = [.. token.Audiences],
            Scope = token.TryGetPayloadValue<string>("scope", out var scope) ? scope : null,
            TokenType = "Bearer",
            TokenId = token.Id,
            IssuedAt = EpochTime.GetIntDate(token.IssuedAt),
            ExpiresAt = EpochTime.GetIntDate(token.ValidTo),
        };

    private IntrospectionDocument Describe(RefreshTokenRow token, GrantRow grant) =>
        new(IsActive: true)
        {
            Issuer = options.Value.Issuer,
            ClientId = grant.ClientId,
            Subject = new Id<UserKind>(grant.UserId).ToString(),
            Scope = string.Join(' ', grant.Scopes),
            IssuedAt = EpochTime.GetIntDate(token.IssuedAt),
            ExpiresAt = EpochTime.GetIntDate(token.ExpiresAt),
        };
}

/// <summary>What is known of a token (RFC 7662 section 2.2); of one that is not active nothing more than that.</summary>
internal sealed record IntrospectionDocument([property: JsonPropertyName("active")] bool IsActive)
{
    public static readonly IntrospectionDocument None = new(IsActive: false);

    [JsonPropertyName("iss")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Issuer { get; init; }

    [JsonPropertyName("client_id")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ClientId { get; init; }

    [JsonPropertyName("sub")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subject { get; init; }

    [JsonPropertyName("aud")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Audiences { get; init; }

    [JsonPropertyName("scope")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Scope { get; init; }

    [JsonPropertyName("token_type")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenType { get; init; }

    [JsonPropertyName("jti")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TokenId { get; init; }

    [JsonPropertyName("iat")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? IssuedAt { get; init; }

    [JsonPropertyName("exp")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ExpiresAt { get; init; }
}
