using ApiSvc.Identity.Account;
using ApiSvc.Identity.Attempts;
using ApiSvc.Identity.ExternalSignIn;
using ApiSvc.Identity.Invitations;
using ApiSvc.Identity.Links;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.PasswordReset;
using ApiSvc.Identity.Passwords;
using ApiSvc.Identity.Registration;
using ApiSvc.Identity.SecondFactor;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Sealing;

namespace ApiSvc.Identity.SignIn;

/// <summary>What people do in a browser: sign in, and look after their account.</summary>
internal static class SignInExtensions
{
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddValidatedOptions<RegistrationOptions>(RegistrationOptions.Section);
        services.AddSingleton<AttemptLimiter>();
        services.AddSingleton<AnonymousForms>();
        services.AddSingleton<KnownBrowsers>();
        services.AddSingleton<SignInOffers>();
        services.AddScoped<PasswordCheck>();
        services.AddScoped<SignInCompletion>();

        services.AddSealedColumn(SecondFactorStore.Seed);
        services.AddScoped<SecondFactorStore>();
        services.AddScoped<SecondFactorCheck>();

        services.AddScoped<OneTimeLinks>();
        services.AddScoped<LinkMail>();
        services.AddSingleton<AccountGate>();
        services.AddScoped<ClientAccess>();
        services.AddScoped<ProfileStore>();
        services.AddScoped<UserAccess>();

        services.AddSingleton<DeferredWork>();
        services.AddHostedService(p => p.GetRequiredService<DeferredWork>());
        services.AddScoped<PasswordResets>();
        services.AddScoped<InvitationStore>();
        services.AddScoped<NewAccounts>();
        services.AddScoped<RegistrationStore>();
        services.AddScoped<RegistrationMail>();
        services.AddExternalSignIn();
        return services;
    }

    public static void MapSignInPages(this IEndpointRouteBuilder routes)
    {
        routes.MapSignIn();
        routes.MapAccount();
        routes.MapPasswordPages();
        routes.MapEmailPages();
        routes.MapSecondFactor();
        routes.MapForgotten();
        routes.MapReset();
        routes.MapInvitationPages();
        routes.MapRegistrationPages();
        routes.MapExternalSignIn();
        routes.MapLoginPages();
    }
}
