using ApiSvc.Identity.Browsers;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Keys;
using ApiSvc.ServiceDefaults.Problems;
using Microsoft.Net.Http.Headers;

namespace ApiSvc.Identity.Tokens;

/// <summary>Gives out tokens (RFC 6749 section 3.2) to clients that prove themselves, each in the ways it is registered for.</summary>
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

    public static IEndpointRouteBuilder MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, IssueAsync).TakeProtocolForms().RequireCors(BrowserOrigins.Registered);
        return routes;
    }

    private static async Task<IResult> IssueAsync(
        HttpContext http,
        ClientAuthenticator clients,
        IEnumerable<ITokenGrant> grants,
        SigningKeys keys,
        ILogger<AccessTokenWriter> logger,
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

        if (request!.GrantType is not { } type)
        {
            return Refuse(http, TokenError.Missing("grant_type"));
        }

        if (grants.FirstOrDefault(g => g.Type == type) is not { } grant)
        {
            return Refuse(
                http,
                new(
                    "unsupported_grant_type",
                    $"Supported are: {string.Join(", ", grants.Select(g => g.Type))}."
                )
            );
        }

        if (!client!.Uses(type))
        {
            return Refuse(
                http,
                new("unauthorized_client", $"This client is not registered for '{type}'.")
            );
        }

        if (SigningAlgorithms.All.Any(a => keys.Find(a) is null))
        {
            return NoKeyYet;
        }

        var outcome = await grant.GiveAsync(request, client, cancellationToken);
        if (outcome.Error is { } error)
        {
            Log.Refused(logger, client.Id, type, error.Code);
            return Refuse(http, error);
        }

        return Results.Json(outcome.Answer);
    }

    /// <summary>Reads the form and finds out whose it is. One of client and refusal is there.</summary>
    internal static async Task<(
        TokenRequest? Request,
        IssuerClient? Client,
        IResult? Refusal
    )> AuthenticateClientAsync(
        this HttpContext http,
        ClientAuthenticator clients,
        CancellationToken cancellationToken
    )
    {
        // Section 5.1: nothing on the way keeps a token.
        http.Response.Headers[HeaderNames.CacheControl] = "no-store";
        http.Response.Headers[HeaderNames.Pragma] = "no-cache";
        var (request, malformed) = await TokenRequest.ReadAsync(http.Request, cancellationToken);
        if (request is null)
        {
            return (null, null, Refuse(http, malformed!));
        }

        var client = await clients.AuthenticateAsync(
            request.Proof,
            http.Connection.RemoteIpAddress,
            cancellationToken
        );
        return client is null
            ? (request, null, Refuse(http, TokenError.InvalidClient))
            : (request, client, null);
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

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Client '{Client}' got no token by {Grant}: {Error}")]
        public static partial void Refused(
            ILogger logger,
            string client,
            string grant,
            string error
        );
    }
}
