namespace ApiSvc.Identity.Authorization;

/// <summary>Why there is no code (RFC 6749 section 4.1.2.1, OpenID Connect Core 1.0 section 3.1.2.6).</summary>
/// <param name="Code">The <c>error</c>.</param>
/// <param name="Description">The same for people who develop the client.</param>
/// <param name="RedirectUri">
/// Where the client hears of it; null where no address is known to be the client's: then the user is told, and the browser
/// sent nowhere.
/// </param>
/// <param name="State">As the client gave it.</param>
internal sealed record AuthorizationFailure(
    string Code,
    string Description,
    string? RedirectUri = null,
    string? State = null
);
