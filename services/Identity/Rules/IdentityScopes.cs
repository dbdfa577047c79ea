namespace ApiSvc.Identity.Rules;

/// <summary>The scopes that ask for something of the user (OpenID Connect Core 1.0 sections 5.4 and 11).</summary>
internal static class IdentityScopes
{
    /// <summary>Who the user is: the <c>sub</c>.</summary>
    public const string OpenId = "openid";

    /// <summary>Name and login.</summary>
    public const string Profile = "profile";

    /// <summary>The e-mail address.</summary>
    public const string Email = "email";

    /// <summary>Tokens that outlive the session.</summary>
    public const string OfflineAccess = "offline_access";

    public static IReadOnlyList<string> All { get; } = [OpenId, Profile, Email, OfflineAccess];
}
