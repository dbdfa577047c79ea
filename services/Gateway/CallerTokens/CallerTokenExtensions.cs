using ApiSvc.ServiceDefaults.Configuration;

namespace ApiSvc.Gateway.CallerTokens;

/// <summary>Registers what tells upstreams who calls.</summary>
internal static class CallerTokenExtensions
{
    public static IServiceCollection AddCallerTokens(this IServiceCollection services)
    {
        services.AddValidatedOptions<CallerTokenOptions>(CallerTokenOptions.Section);
        return services.AddSingleton<CallerTokenSigner>();
    }
}
