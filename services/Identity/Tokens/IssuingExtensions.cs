using ApiSvc.Identity.Authorization;
using ApiSvc.Identity.Browsers;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.DeviceCodes;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Pages;
using ApiSvc.Identity.Sessions;
using ApiSvc.Identity.SignOut;
using ApiSvc.Identity.UserInfo;
using ApiSvc.ServiceDefaults.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ApiSvc.Identity.Tokens;

/// <summary>The issuer: OAuth 2.0 and OpenID Connect.</summary>
internal static class IssuingExtensions
{
    /// <summary>
    /// Adds it. An <see cref="ISignedIn"/> and <see cref="ISessionEnd"/> that are registered before tell who is signed in.
    /// </summary>
    public static IServiceCollection AddTokenIssuing(this IServiceCollection services)
    {
        services.AddValidatedOptions<IssuerOptions>(IssuerOptions.Section);
        services.AddSingleton<ClientRegistry>();
        services.AddSingleton<ClientDirectory>();
        services
            .AddGuardedHttpClient(ClientKeys.HttpClientName)
            .ConfigureHttpClient(http =>
            {
                http.Timeout = TimeSpan.FromSeconds(5);
                http.MaxResponseContentBufferSize = 64 * 1024;
            });
        services.AddSingleton<ClientKeys>();
        services.AddSingleton<ClientAssertions>();
        services.AddBrowserOrigins();
        services.AddSingleton<ClientAuthenticator>();
        services.TryAddSingleton<ISignedIn, NobodySignedIn>();
        services.TryAddSingleton<ISessionEnd, NobodySignedIn>();

        services.AddSingleton<AccessTokenWriter>();
        services.AddSingleton<IdTokenWriter>();
        services.AddSingleton<OwnTokens>();
        services.AddSingleton<LiveTokens>();
        services.AddSingleton<Introspection>();
        services.AddScoped<TokenRevocation>();
        services.AddScoped<ITokenGrant, ClientCredentialsGrant>();
        services.AddScoped<ITokenGrant, AuthorizationCodeGrant>();
        services.AddScoped<ITokenGrant, RefreshTokenGrant>();
        services.AddScoped<ITokenGrant, DeviceCodeGrant>();

        services.AddScoped<GrantStore>();
        services.AddScoped<GrantTokens>();
        services.AddScoped<GrantRevocation>();
        services.AddSingleton<GrantSweeper>();

        services.AddSingleton<FormSeal>();
        services.AddSingleton<AuthorizationReader>();
        services.AddSingleton<AuthorizationAnswers>();
        services.AddScoped<ConsentStore>();
        services.AddScoped<DeviceCodeStore>();
        services.AddSingleton<SignOutReader>();
        return services;
    }

    public static void MapTokenIssuing(this IEndpointRouteBuilder routes)
    {
        routes.MapAuthorization();
        routes.MapTokens();
        routes.MapRevocation();
        routes.MapIntrospection();
        routes.MapUserInfo();
        routes.MapDeviceAuthorization();
        routes.MapDevicePages();
        routes.MapSignOut();
    }
}
