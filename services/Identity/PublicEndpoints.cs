using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Endpoints;
using Microsoft.AspNetCore.Mvc;

namespace ApiSvc.Identity;

/// <summary>Where Identity answers for everybody: <c>https</c> outside, <c>http</c> within the suite.</summary>
internal static class PublicEndpoints
{
    public static readonly string[] Names = ["http", "https"];

    /// <summary>
    /// Endpoints of OAuth 2.0 and OpenID Connect that take forms: of clients, which prove themselves in them, and of browsers.
    /// </summary>
    public static TBuilder TakeProtocolForms<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder
            .ServeOn(Names)
            .AllowAnonymousCaller()
            .WithMetadata(new RequestSizeLimitAttribute(TokenRequest.BodyLimit))
            .ExcludeFromDescription();
}
