using System.Text.Json.Serialization;

namespace ApiSvc.Identity.Tokens;

/// <summary>Tokens, or why there are none.</summary>
internal sealed record TokenOutcome(TokenAnswer? Answer, TokenError? Error)
{
    public static implicit operator TokenOutcome(TokenAnswer answer) => new(answer, null);

    public static implicit operator TokenOutcome(TokenError error) => new(null, error);

    /// <summary>Without the tokens: a record's text ends up in logs.</summary>
    public override string ToString() => Error?.Code ?? "given";
}

/// <summary>Tokens as they are given (RFC 6749 section 5.1, OpenID Connect Core 1.0 section 3.1.3.3).</summary>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("token_type")] string TokenType,
    [property: JsonPropertyName("expires_in")] long ExpiresIn,
    [property:
        JsonPropertyName("scope"),
        JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)
    ]
        string? Scope
)
{
    [JsonPropertyName("refresh_token")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? RefreshToken { get; init; }

    [JsonPropertyName("id_token")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? IdToken { get; init; }

    /// <summary>Without the tokens: a record's text ends up in logs.</summary>
    public override string ToString() => TokenType;
}
