using ApiSvc.Identity.ClientAuthentication;

namespace ApiSvc.Identity.Authorization;

/// <summary>
/// A client's request for a code (RFC 6749 section 4.1.1, RFC 7636 section 4.3, OpenID Connect Core 1.0 section 3.1.2.1)
/// that is right in itself.
/// </summary>
/// <param name="Client">Who asks.</param>
/// <param name="RedirectUri">Where the answer goes: one of the client's.</param>
/// <param name="CodeChallenge">The challenge, by S256.</param>
/// <param name="Scopes">What it asks for and may have.</param>
internal sealed record AuthorizationRequest(
    IssuerClient Client,
    string RedirectUri,
    string CodeChallenge,
    IReadOnlyList<string> Scopes
)
{
    public string? State { get; init; }

    public string? Nonce { get; init; }

    /// <summary>What has to be asked, or must not be: <c>none</c>, <c>login</c>, <c>consent</c>, <c>select_account</c>.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];

    /// <summary>How long ago the user may have proved who it is.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>When the user was last sent to prove who it is, for this request.</summary>
    public DateTimeOffset? SentToSignInAt { get; init; }

    public string? IdTokenHint { get; init; }

    /// <summary>The request as a query, without the question mark.</summary>
    public required string Query { get; init; }

    public bool IsSilent => Prompts.Contains("none");

    public AuthorizationFailure Fail(string code, string description) =>
        new(code, description, RedirectUri, State);
}
