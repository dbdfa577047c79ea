using System.Buffers.Text;
using System.Text.Json;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Sessions;
using ApiSvc.ServiceDefaults.Sealing;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>A way to a provider that a browser has begun: what comes back has to belong to it.</summary>
/// <param name="Provider">Which.</param>
/// <param name="State">Comes back in the address.</param>
/// <param name="Nonce">Comes back in the ID token.</param>
/// <param name="Verifier">Of the code challenge (RFC 7636).</param>
/// <param name="ReturnPath">Where it goes on.</param>
/// <param name="LinkTo">The session whose user wants to sign in this way from now on, if any.</param>
/// <param name="At">When it was begun.</param>
internal sealed record ExternalAttempt(
    string Provider,
    string State,
    string Nonce,
    string Verifier,
    string ReturnPath,
    Guid? LinkTo,
    DateTimeOffset At
)
{
    public static ExternalAttempt Begin(
        string provider,
        string returnPath,
        Guid? linkTo,
        DateTimeOffset now
    ) =>
        new(
            provider,
            GeneratedSecret.New(),
            GeneratedSecret.New(),
            GeneratedSecret.New(),
            returnPath,
            linkTo,
            now
        );
}

/// <summary>Keeps a browser's way to a provider in the browser itself, sealed; each is good for one answer.</summary>
internal sealed class ExternalAttempts(ISealer sealer, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);
    private static readonly HostCookie Cookie = new("external");

    // No table has it: the place keeps it apart from what is stored.
    private static readonly SealedPlace Place = new("browsers", "external", "cookie");

    public void Keep(HttpContext http, ExternalAttempt attempt) =>
        Cookie.Set(
            http,
            Base64Url.EncodeToString(
                sealer.Seal(Place, JsonSerializer.SerializeToUtf8Bytes(attempt))
            ),
            Lifetime
        );

    /// <returns>The one that the state belongs to; null if there is none at this browser, or too old.</returns>
    public ExternalAttempt? Take(HttpContext http, string provider, string? state)
    {
        var text = Cookie.Find(http);
        Cookie.Delete(http);
        return
            !string.IsNullOrEmpty(text)
            && Base64Url.IsValid(text)
            && sealer.Open(Place, Base64Url.DecodeFromChars(text)).Value is { } value
            && JsonSerializer.Deserialize<ExternalAttempt>(value) is { } attempt
            && attempt.Provider == provider
            && attempt.State == state
            && time.GetUtcNow() - attempt.At < Lifetime
            ? attempt
            : null;
    }
}
