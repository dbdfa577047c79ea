using ApiSvc.Identity.Browsers;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Endpoints;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.Discovery;

/// <summary>What the issuer tells of itself.</summary>
internal static class DiscoveryEndpoints
{
    public const string KeysPath = "/.well-known/jwks.json";

    public static IEndpointRouteBuilder MapDiscovery(this IEndpointRouteBuilder routes)
    {
        var wellKnown = routes.MapGroup("/.well-known");
        wellKnown
            .ServeOn(PublicEndpoints.Names)
            .AllowAnonymousCaller()
            .RequireCors(BrowserOrigins.Anywhere)
            .ExcludeFromDescription();
        wellKnown.MapGet("/openid-configuration", Describe);
        wellKnown.MapGet("/oauth-authorization-server", Describe);
        wellKnown.MapGet("/jwks.json", Keys);
        return routes;
    }

    private static IssuerDocument Describe(IOptions<TokenOptions> options) =>
        new(options.Value.Issuer);

    // Shorter than a key is published before it signs.
    private const string Kept = "public, max-age=300";

    // Without a key an empty set would be the truth, and readers would keep it: they shall ask again.
    private static Results<Ok<KeySetDocument>, ApiProblem> Keys(
        SigningKeys keys,
        HttpResponse response
    )
    {
        if (keys.All is not { Count: > 0 } all)
        {
            return TokenEndpoint.NoKeyYet;
        }

        response.Headers.CacheControl = Kept;
        return TypedResults.Ok(new KeySetDocument([.. all.Select(k => k.Public)]));
    }
}
