using System.Text.Json.Serialization;

namespace ApiSvc.Identity.Tokens;

/// <summary>
/// Why no token is given (RFC 6749 section 5.2; <c>invalid_target</c> of RFC 8707 section 2; those of RFC 8628 section 3.5).
/// </summary>
internal sealed record TokenError(
    [property: JsonPropertyName("error")] string Code,
    [property: JsonPropertyName("error_description")] string Description
)
{
    public static readonly TokenError InvalidClient = new(
        "invalid_client",
        "Give a client's id and what it is registered to prove itself with: a secret, by HTTP Basic or in the form, or an assertion."
    );

    /// <summary>In the same words for all reasons: they would help only whoever should not have the code or token.</summary>
    public static readonly TokenError InvalidGrant = new(
        "invalid_grant",
        "The code or token is unknown, used, expired, revoked, or was given to another client or with other parameters."
    );

    public static readonly TokenError AuthorizationPending = new(
        "authorization_pending",
        "The user has not decided yet."
    );

    public static readonly TokenError SlowDown = new(
        "slow_down",
        "Wait five seconds longer between two requests."
    );

    public static readonly TokenError AccessDenied = new("access_denied", "The user refused.");

    public static readonly TokenError ExpiredToken = new(
        "expired_token",
        "The device code has expired. Ask for another."
    );

    public static TokenError InvalidRequest(string description) =>
        new("invalid_request", description);

    public static TokenError Missing(string field) => InvalidRequest($"'{field}' is missing.");
}
