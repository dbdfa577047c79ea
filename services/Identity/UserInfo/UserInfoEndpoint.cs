using System.Text.Json.Serialization;
using ApiSvc.Identity.Browsers;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Endpoints;
using ApiSvc.ServiceDefaults.Identifiers;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace ApiSvc.Identity.UserInfo;

/// <summary>
/// Tells of a user what the scopes of an access token ask for (OpenID Connect Core 1.0 section 5.3). Who has such a token,
/// with <c>openid</c>, may call: of the user it is for.
/// </summary>
internal static class UserInfoEndpoint
{
    public const string Path = "/connect/userinfo";

    private const string Bearer = "Bearer ";

    public static void MapUserInfo(this IEndpointRouteBuilder routes) =>
        routes
            .MapMethods(Path, [HttpMethods.Get, HttpMethods.Post], TellAsync)
            .ServeOn(PublicEndpoints.Names)
            .AllowAnonymousCaller()
            .RequireCors(BrowserOrigins.Registered)
            .ExcludeFromDescription();

    private static async Task<IResult> TellAsync(
        HttpContext http,
        LiveTokens tokens,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        // RFC 6750 section 2.1: in the header alone.
        if (
            http.Request.Headers.Authorization is not [{ } header]
            || !header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
        )
        {
            return Refuse(http, StatusCodes.Status401Unauthorized, error: null);
        }

        var token = await tokens.FindAccessTokenAsync(
            header[Bearer.Length..].Trim(),
            cancellationToken
        );
        if (token is null || !Id<UserKind>.TryParse(token.Subject, out var id))
        {
            return Refuse(http, StatusCodes.Status401Unauthorized, "invalid_token");
        }

        var scopes = token.TryGetPayloadValue<string>("scope", out var scope)
            ? scope.Split(' ')
            : [];
        if (!scopes.Contains(IdentityScopes.OpenId))
        {
            return Refuse(http, StatusCodes.Status403Forbidden, "insufficient_scope");
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        return await UserRow.FindAsync(db, id.Value) is { } user
            ? Results.Json(UserInfoDocument.Of(user, scopes))
            : Refuse(http, StatusCodes.Status401Unauthorized, "invalid_token");
    }

    // RFC 6750 section 3.
    private static IResult Refuse(HttpContext http, int status, string? error)
    {
        http.Response.Headers[HeaderNames.WWWAuthenticate] = error is null
            ? "Bearer realm=\"apisvc\""
            : $"Bearer realm=\"apisvc\", error=\"{error}\"";
        return Results.StatusCode(status);
    }
}

/// <summary>The claims of a user (OpenID Connect Core 1.0 section 5.1).</summary>
/// <param name="Subject">The user, as in the ID token.</param>
internal sealed record UserInfoDocument([property: JsonPropertyName("sub")] string Subject)
{
    [JsonPropertyName("name")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    [JsonPropertyName("preferred_username")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Login { get; init; }

    [JsonPropertyName("email")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Email { get; init; }

    public static UserInfoDocument Of(UserRow user, IReadOnlyCollection<string> scopes) =>
        new(user.PublicId)
        {
            Name = scopes.Contains(IdentityScopes.Profile) ? user.Name : null,
            Login = scopes.Contains(IdentityScopes.Profile) ? user.Login : null,
            // Whether it was verified is not known here, so nothing is said of it. The first user may have none.
            Email =
                scopes.Contains(IdentityScopes.Email) && user.Email.Length > 0 ? user.Email : null,
        };
}
