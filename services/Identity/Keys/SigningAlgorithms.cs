using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Keys;

/// <summary>What tokens are signed by (RFC 7518 section 3.1), as in <c>alg</c>.</summary>
internal static class SigningAlgorithms
{
    public const string Es256 = SecurityAlgorithms.EcdsaSha256;

    /// <summary>What every client and resource server has to know (OpenID Connect Core 1.0 section 15.1, RFC 9068 section 2.1).</summary>
    public const string Rs256 = SecurityAlgorithms.RsaSha256;

    /// <summary>Whoever does not say gets tokens signed by this one: it is some thirty times faster.</summary>
    public const string Default = Es256;

    public static IReadOnlyList<string> All { get; } = [Es256, Rs256];
}
