using System.Buffers.Text;
using System.Text.Json;
using ApiSvc.Identity.Attempts;
using ApiSvc.Identity.Sessions;
using ApiSvc.ServiceDefaults.Sealing;

namespace ApiSvc.Identity.SignIn;

/// <summary>
/// Browsers at which a user has signed in before. They are counted by themselves, so that who guesses from elsewhere makes
/// the guessing wait and not the user.
/// </summary>
internal sealed class KnownBrowsers(ISealer sealer)
{
    private static readonly HostCookie Cookie = new("known");
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);

    // No table has it: the place keeps it apart from what is stored.
    private static readonly SealedPlace Place = new("browsers", "known", "cookie");

    /// <returns>What its attempts are counted by; null if it is not known to be this user's.</returns>
    public Attempt? Find(HttpContext http, Guid user)
    {
        var text = Cookie.Find(http);
        if (string.IsNullOrEmpty(text) || !Base64Url.IsValid(text))
        {
            return null;
        }

        return
            sealer.Open(Place, Base64Url.DecodeFromChars(text)).Value is { } value
            && JsonSerializer.Deserialize<Known>(value) is { } known
            && known.User == user
            ? Attempt.Of(Pace.KnownBrowser, $"{known.User}/{known.Browser}")
            : null;
    }

    public void Remember(HttpContext http, Guid user)
    {
        if (Find(http, user) is null)
        {
            var known = new Known(user, Guid.NewGuid());
            Cookie.Set(
                http,
                Base64Url.EncodeToString(
                    sealer.Seal(Place, JsonSerializer.SerializeToUtf8Bytes(known))
                ),
                Lifetime
            );
        }
    }

    private sealed record Known(Guid User, Guid Browser);
}
