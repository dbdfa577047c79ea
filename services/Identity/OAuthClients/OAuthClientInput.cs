using System.ComponentModel.DataAnnotations;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Rules;

namespace ApiSvc.Identity.OAuthClients;

/// <summary>An application's OAuth client as it is given.</summary>
internal sealed record OAuthClientInput : IValidatableObject
{
    [AllowedValues(
        Words.Sandbox,
        Words.Production,
        ErrorMessage = "Must be sandbox or production."
    )]
    public required string Environment { get; init; }

    [StringLength(Words.LongestName, MinimumLength = 1)]
    public required string Name { get; init; }

    [Scopes]
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>How it proves itself.</summary>
    [AllowedValues(
        ClientAuthenticationMethods.Secret,
        ClientAuthenticationMethods.PrivateKeyJwt,
        ClientAuthenticationMethods.None,
        ErrorMessage = "Must be secret, private_key_jwt or none."
    )]
    public string Authentication { get; init; } = ClientAuthenticationMethods.Secret;

    /// <summary>Its public keys; with <c>private_key_jwt</c> alone.</summary>
    public KeySetInput? Jwks { get; init; }

    /// <summary>Where its public keys are, instead: it can then change them without anybody here.</summary>
    public string? JwksUri { get; init; }

    /// <summary>How it may get tokens.</summary>
    [GrantTypes]
    public IReadOnlyList<string> GrantTypes { get; init; } = [Rules.GrantTypes.ClientCredentials];

    /// <summary>Where a browser may bring it a code.</summary>
    [RedirectUris]
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>Where a browser may go after signing out (OpenID Connect RP-Initiated Logout 1.0 section 3.1).</summary>
    [RedirectUris]
    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];

    /// <summary>What its access tokens are signed by.</summary>
    [AllowedValues(
        SigningAlgorithms.Es256,
        SigningAlgorithms.Rs256,
        ErrorMessage = "Must be ES256 or RS256."
    )]
    public string AccessTokenSigningAlg { get; init; } = SigningAlgorithms.Default;

    /// <summary>What its ID tokens are signed by (OpenID Connect Dynamic Client Registration 1.0 section 2).</summary>
    [AllowedValues(
        SigningAlgorithms.Es256,
        SigningAlgorithms.Rs256,
        ErrorMessage = "Must be ES256 or RS256."
    )]
    public string IdTokenSignedResponseAlg { get; init; } = SigningAlgorithms.Default;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var hasKeys = Jwks is not null || JwksUri is not null;
        if (hasKeys != (Authentication == ClientAuthenticationMethods.PrivateKeyJwt))
        {
            yield return new(
                "Must be there with private_key_jwt, or jwksUri, and only then.",
                [nameof(Jwks)]
            );
        }

        if (Jwks is not null && JwksUri is not null)
        {
            yield return new("Must not be there beside jwks.", [nameof(JwksUri)]);
        }

        if (JwksUri is not null && RedirectUri.FindFault(JwksUri) is not null)
        {
            yield return new("Must be an https address.", [nameof(JwksUri)]);
        }

        if (Has(Rules.GrantTypes.AuthorizationCode) != RedirectUris.Count > 0)
        {
            yield return new(
                "Must have an address with the grant type authorization_code, and only then.",
                [nameof(RedirectUris)]
            );
        }

        if (
            Has(Rules.GrantTypes.ClientCredentials)
            && Authentication == ClientAuthenticationMethods.None
        )
        {
            yield return new(
                "A client that does not prove itself gets no tokens by client_credentials.",
                [nameof(GrantTypes)]
            );
        }

        if (
            Has(Rules.GrantTypes.RefreshToken)
            && !Has(Rules.GrantTypes.AuthorizationCode)
            && !Has(Rules.GrantTypes.DeviceCode)
        )
        {
            yield return new(
                "refresh_token needs authorization_code or the device code beside it.",
                [nameof(GrantTypes)]
            );
        }
    }

    private bool Has(string grantType) => GrantTypes.Contains(grantType);
}
