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
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.SignIn;

/// <summary>What people do in a browser: sign in, and look after their account.</summary>
internal static class SignInExtensions
{
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddValidatedOptions<RegistrationOptions>(RegistrationOptions.Section);
        services.AddValidatedOptions<ClientAddressOptions>(ClientAddressOptions.Section);
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

    /// <summary>Takes the client's address from proxies that are trusted, for everything behind it in the pipeline.</summary>
    public static void UseClientAddress(this WebApplication app)
    {
        var proxies = app
            .Services.GetRequiredService<IOptions<ClientAddressOptions>>()
            .Value.TrustedProxies;
        if (proxies.Count == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor,
            // As many as there are: the first that is not trusted is the client.
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
        }

        app.UseForwardedHeaders(options);
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
