namespace ApiSvc.Identity.Rules;

/// <summary>How clients may get tokens, as in <c>grant_type</c>.</summary>
internal static class GrantTypes
{
    /// <summary>For itself (RFC 6749 section 4.4).</summary>
    public const string ClientCredentials = "client_credentials";

    /// <summary>For a user who signs in at a browser (RFC 6749 section 4.1).</summary>
    public const string AuthorizationCode = "authorization_code";

    /// <summary>Again, without the user (RFC 6749 section 6).</summary>
    public const string RefreshToken = "refresh_token";

    /// <summary>For a user who signs in at another device (RFC 8628 section 3.4).</summary>
    public const string DeviceCode = "urn:ietf:params:oauth:grant-type:device_code";

    public static IReadOnlyList<string> All { get; } =
    [ClientCredentials, AuthorizationCode, RefreshToken, DeviceCode];
}
