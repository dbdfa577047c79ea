using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.SignIn;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>What signing in with a provider works with.</summary>
internal sealed record ExternalServices(
    ProviderDirectory Providers,
    ProviderCalls Calls,
    IdTokenCheck IdTokens,
    ExternalAttempts Attempts,
    ExternalLogins Logins,
    SignInCompletion Completion,
    ISignedIn SignedIn,
    FormSeal SessionForms,
    UnitOfWork Work,
    TimeProvider Time,
    ILogger<ExternalLogins> Logger
);
