using ApiSvc.Identity.ExternalSignIn;
using ApiSvc.Identity.Registration;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.SignIn;

/// <summary>What the sign-in page offers beside a password.</summary>
internal sealed class SignInOffers(
    IOptions<ExternalSignInOptions> external,
    IOptions<RegistrationOptions> registration
)
{
    public IReadOnlyList<(string Id, string Name)> Providers { get; } =
    [
        .. external
            .Value.Providers.OrderBy(p => p.Key, StringComparer.Ordinal)
            .Select(p => (p.Key, p.Value.Name ?? p.Key)),
    ];

    public bool CanRegister => registration.Value.Enabled;
}
