using System.Text.Json.Serialization;
using ApiSvc.Identity.Keys;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Endpoints;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;

namespace ApiSvc.Identity.Tokens;

/// <summary>Gives out tokens (RFC 6749 section 3.2): to clients, for themselves.</summary>
internal static partial class TokenEndpoint
{
    public const string Path = "/connect/token";

    public static ApiProblem NoKeyYet { get; } =
        new()
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Code = "no-signing-key",
            Detail = "There is no signing key yet.",
            RetryAfter = 2,
        };

    public static IServiceCollection AddTokenIssuing(this IServiceCollection services)
    {
        services.AddValidatedOptions<IssuerOptions>(IssuerOptions.Section);
        services.AddSingleton<ClientRegistry>();
        services.AddSingleton<ClientDirectory>();
        services.AddSingleton<AccessTokenWriter>();
        return services;
    }

    public static IEndpointRouteBuilder MapTokens(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost(Path, IssueAsync)
            .ServeOn(PublicEndpoints.Names)
            .AllowAnonymousCaller()
            .WithMetadata(new RequestSizeLimitAttribute(TokenRequest.BodyLimit))
            .ExcludeFromDescription();
        return routes;
    }

    private static async Task<IResult> IssueAsync(
        HttpContext http,
        ClientDirectory clients,
        SigningKeys keys,
        AccessTokenWriter writer,
        ILogger<AccessTokenWriter> logger,
        CancellationToken cancellationToken
    )
    {
        // Section 5.1: nothing on the way keeps a token.
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        http.Response.Headers[HeaderNames.Pragma] = "no-cache";
        var (request, malformed) = await TokenRequest.ReadAsync(http.Request, cancellationToken);
        if (request is null)
        {
            return Refuse(http, malformed!);
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
            Log.NotAuthenticated(logger, request.ClientId, http.Connection.RemoteIpAddress);
            return Refuse(http, TokenError.InvalidClient);
        }

        if (Judge(request, client) is { } error)
        {
            Log.Refused(logger, client.Id, error.Code);
            return Refuse(http, error);
        }

        if (keys.All is not [var key, ..])
        {
            return NoKeyYet;
        }

        var audiences = request.Audiences.Count > 0 ? request.Audiences : client.Audiences;
        var scope = client.Application is null
            ? null
            : request.Scope ?? string.Join(' ', client.Scopes);
        return Results.Json(
            new TokenAnswer(
                writer.Write(client, audiences, key, scope),
                "Bearer",
                (long)writer.Lifetime.TotalSeconds,
                string.IsNullOrEmpty(scope) ? null : scope
            )
        );
    }

    private static TokenError? Judge(TokenRequest request, IssuerClient client)
    {
        if (request.GrantType is null)
        {
            return TokenError.InvalidRequest("'grant_type' is missing.");
        }

        if (request.GrantType != "client_credentials")
        {
            return new("unsupported_grant_type", "Only client_credentials is supported.");
        }

        if (request.Scope is { } scope && JudgeScope(scope, client) is { } wrong)
        {
            return wrong;
        }

        return request.Audiences.Except(client.Audiences, StringComparer.Ordinal).Any()
            ? new(
                "invalid_target",
                $"This client can have tokens for: {string.Join(", ", client.Audiences)}."
            )
            : null;
    }

    private static TokenError? JudgeScope(string scope, IssuerClient client)
    {
        if (client.Application is null)
        {
            return new("invalid_scope", "There are no scopes here: a client's roles decide.");
        }

        return scope.Split(' ').Except(client.Scopes, StringComparer.Ordinal).Any()
            ? new("invalid_scope", $"This client has: {string.Join(' ', client.Scopes)}.")
            : null;
    }

    internal static IResult Refuse(HttpContext http, TokenError error)
    {
        var status = StatusCodes.Status400BadRequest;
        if (error == TokenError.InvalidClient)
        {
            status = StatusCodes.Status401Unauthorized;
            http.Response.Headers[HeaderNames.WWWAuthenticate] = "Basic realm=\"apisvc\"";
        }

        return Results.Json(error, statusCode: status);
    }

    /// <summary>A token as it is given (RFC 6749 section 5.1).</summary>
    internal sealed record TokenAnswer(
        [property: JsonPropertyName("access_token")] string AccessToken,
        [property: JsonPropertyName("token_type")] string TokenType,
        [property: JsonPropertyName("expires_in")] long ExpiresIn,
        [property:
            JsonPropertyName("scope"),
            JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)
        ]
            string? Scope
    );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Client '{Client}' at {Address} did not prove itself")]
        public static partial void NotAuthenticated(
            ILogger logger,
            string client,
            System.Net.IPAddress? address
        );

        [LoggerMessage(LogLevel.Information, "Client '{Client}' got no token: {Error}")]
        public static partial void Refused(ILogger logger, string client, string error);
    }
}
