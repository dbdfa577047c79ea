using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.Identity.ExternalSignIn;

internal static class ExternalSignInExtensions
{
    // An answer of a provider is a few kilobytes.
    private const int LongestAnswer = 512 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddExternalSignIn(this IServiceCollection services)
    {
        services.AddValidatedOptions<ExternalSignInOptions>(ExternalSignInOptions.Section);
        services
            .AddGuardedHttpClient(ProviderDirectory.Client)
            .ConfigureHttpClient(http =>
            {
                http.Timeout = Patience;
                http.MaxResponseContentBufferSize = LongestAnswer;
            });
        services.AddSingleton<ProviderDirectory>();
        services.AddSingleton<ProviderCalls>();
        services.AddSingleton<IdTokenCheck>();
        services.AddSingleton<ExternalAttempts>();
        services.AddScoped<RoleMapping>();
        services.AddScoped<ExternalLogins>();
        return services;
    }
}
