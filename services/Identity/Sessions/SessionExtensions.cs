using ApiSvc.ServiceDefaults.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ApiSvc.Identity.Sessions;

internal static class SessionExtensions
{
    /// <summary>Adds the sessions of browsers. Before the issuer, which else takes nobody for signed in.</summary>
    public static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddValidatedOptions<SessionOptions>(SessionOptions.Section);
        services.AddSingleton<BrowserSessions>();
        services.TryAddSingleton<ISignedIn>(p => p.GetRequiredService<BrowserSessions>());
        services.TryAddSingleton<ISessionEnd>(p => p.GetRequiredService<BrowserSessions>());
        services.AddScoped<SessionStore>();
        return services;
    }
}
