using System.Text.Json.Serialization;

namespace ApiSvc.Identity.Tokens;

/// <summary>Why no token is given (RFC 6749 section 5.2; <c>invalid_target</c> of RFC 8707 section 2).</summary>
internal sealed record TokenError(
    [property: JsonPropertyName("error")] string Code,
    [property: JsonPropertyName("error_description")] string Description
)
{
    public static readonly TokenError InvalidClient = new(
        "invalid_client",
        "Give a client's id and secret, either by HTTP Basic or in the form."
    );

    public static TokenError InvalidRequest(string description) =>
        new("invalid_request", description);
}
