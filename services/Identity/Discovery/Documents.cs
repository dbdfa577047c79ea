using System.Text.Json.Serialization;
using ApiSvc.Identity.Authorization;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.DeviceCodes;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.SignOut;
using ApiSvc.Identity.UserInfo;

namespace ApiSvc.Identity.Discovery;

/// <summary>
/// The issuer's metadata (OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2, RFC 8628 section 4, RFC 9207
/// section 3, OpenID Connect RP-Initiated Logout 1.0 section 2.1).
/// </summary>
/// <param name="Issuer">As in the tokens' <c>iss</c>.</param>
internal sealed record IssuerDocument([property: JsonPropertyName("issuer")] string Issuer)
{
    // How clients that keep secrets prove themselves.
    private static readonly string[] Proofs =
    [
        "client_secret_basic",
        "client_secret_post",
        ClientAuthenticationMethods.PrivateKeyJwt,
    ];

    [JsonPropertyName("authorization_endpoint")]
    public string AuthorizationEndpoint => At(AuthorizeEndpoint.Path);

    [JsonPropertyName("token_endpoint")]
    public string TokenEndpoint => At(Tokens.TokenEndpoint.Path);

    [JsonPropertyName("userinfo_endpoint")]
    public string UserInfo => At(UserInfoEndpoint.Path);

    [JsonPropertyName("jwks_uri")]
    public string JwksUri => At(DiscoveryEndpoints.KeysPath);

    [JsonPropertyName("revocation_endpoint")]
    public string RevocationEndpoint => At(Tokens.RevocationEndpoint.Path);

    [JsonPropertyName("introspection_endpoint")]
    public string IntrospectionEndpoint => At(Tokens.IntrospectionEndpoint.Path);

    [JsonPropertyName("device_authorization_endpoint")]
    public string DeviceAuthorization => At(DeviceAuthorizationEndpoint.Path);

    [JsonPropertyName("end_session_endpoint")]
    public string EndSession => At(EndSessionEndpoint.Path);

    [JsonPropertyName("scopes_supported")]
    public IReadOnlyList<string> Scopes => IdentityScopes.All;

    [JsonPropertyName("response_types_supported")]
    public string[] ResponseTypes => ["code"];

    [JsonPropertyName("response_modes_supported")]
    public string[] ResponseModes => ["query"];

    [JsonPropertyName("grant_types_supported")]
    public IReadOnlyList<string> Grants => GrantTypes.All;

    [JsonPropertyName("subject_types_supported")]
    public string[] SubjectTypes => ["public"];

    [JsonPropertyName("id_token_signing_alg_values_supported")]
    public IReadOnlyList<string> IdTokenAlgorithms => SigningAlgorithms.All;

    [JsonPropertyName("claims_supported")]
    public string[] Claims =>
        [
            "sub",
            "iss",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "nonce",
            "amr",
            "at_hash",
            "sid",
            "name",
            "preferred_username",
            "email",
        ];

    [JsonPropertyName("code_challenge_methods_supported")]
    public string[] CodeChallengeMethods => [CodeChallenge.Method];

    [JsonPropertyName("token_endpoint_auth_methods_supported")]
    public string[] TokenProofs => [.. Proofs, ClientAuthenticationMethods.None];

    [JsonPropertyName("token_endpoint_auth_signing_alg_values_supported")]
    public string[] TokenProofAlgorithms => ClientAssertions.Algorithms;

    [JsonPropertyName("revocation_endpoint_auth_methods_supported")]
    public string[] RevocationProofs => TokenProofs;

    [JsonPropertyName("revocation_endpoint_auth_signing_alg_values_supported")]
    public string[] RevocationProofAlgorithms => ClientAssertions.Algorithms;

    [JsonPropertyName("introspection_endpoint_auth_methods_supported")]
    public string[] IntrospectionProofs => Proofs;

    [JsonPropertyName("introspection_endpoint_auth_signing_alg_values_supported")]
    public string[] IntrospectionProofAlgorithms => ClientAssertions.Algorithms;

    [JsonPropertyName("prompt_values_supported")]
    public IReadOnlyList<string> PromptValues => AuthorizationReader.Prompts;

    [JsonPropertyName("authorization_response_iss_parameter_supported")]
    public bool IsIssuerInAnswers => true;

    [JsonPropertyName("claims_parameter_supported")]
    public bool TakesClaims => false;

    [JsonPropertyName("request_parameter_supported")]
    public bool TakesRequestObjects => false;

    // Would be supported where nothing is said.
    [JsonPropertyName("request_uri_parameter_supported")]
    public bool TakesRequestUris => false;

    private string At(string path) => Issuer.TrimEnd('/') + path;
}

/// <summary>A set of public keys (RFC 7517 section 5).</summary>
internal sealed record KeySetDocument(
    [property: JsonPropertyName("keys")] IReadOnlyList<PublicKeyDocument> Keys
);
