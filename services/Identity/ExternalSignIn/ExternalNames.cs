using System.Security.Cryptography;
using System.Text;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Users;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>What a user is called that comes from a provider.</summary>
internal static class ExternalNames
{
    // Room for a number behind.
    private const int LongestLogin = 96;

    public static string LoginOf(Provider provider, ExternalUser user)
    {
        var wanted = user.PreferredUsername ?? user.VerifiedEmail?.Split('@')[0] ?? "";
        // Without @: a login that is an e-mail address has to be the user's own.
        var login = new string([
            .. SignInUser
                .Normalize(wanted.Split('@')[0])
                .Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
                .Take(LongestLogin),
        ]);
        return login.Length > 0
            ? login
            : $"{provider.Id}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.Subject)))[..12]}";
    }

    public static string NameOf(ExternalUser user, string login) =>
        user.Name is { Length: <= Words.LongestName } name ? name : login;
}
