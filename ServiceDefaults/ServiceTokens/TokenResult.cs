using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>What came of checking a token.</summary>
/// <param name="Caller">Who it is, when the token was accepted.</param>
/// <param name="Reason">Why it was not.</param>
/// <param name="IsTemporary">Whether it could not be checked at all for now.</param>
internal sealed record TokenResult(Caller? Caller, string Reason, bool IsTemporary)
    : ITokenFailureFeature
{
    public static TokenResult Unavailable { get; } =
        new(null, "it cannot be checked for now", IsTemporary: true);

    public static TokenResult Accepted(Caller caller) => new(caller, "", IsTemporary: false);

    public static TokenResult Refused(string reason) => new(null, reason, IsTemporary: false);
}
