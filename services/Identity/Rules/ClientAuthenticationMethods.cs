namespace ApiSvc.Identity.Rules;

/// <summary>How a client proves itself.</summary>
internal static class ClientAuthenticationMethods
{
    /// <summary>By its secret, in the header or in the form (RFC 6749 section 2.3.1).</summary>
    public const string Secret = "secret";

    /// <summary>By a token that it signs (RFC 7523 section 2.2).</summary>
    public const string PrivateKeyJwt = "private_key_jwt";

    /// <summary>Not at all: a public client (RFC 6749 section 2.1), which only codes with PKCE protect.</summary>
    public const string None = "none";
}
