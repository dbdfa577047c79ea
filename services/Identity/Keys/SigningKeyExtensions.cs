using ApiSvc.ServiceDefaults.Sealing;
using ApiSvc.ServiceDefaults.ServiceTokens;

namespace ApiSvc.Identity.Keys;

/// <summary>Registers the signing keys.</summary>
internal static class SigningKeyExtensions
{
    public static IServiceCollection AddSigningKeys(this IServiceCollection services)
    {
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<IIssuerKeys>(p => p.GetRequiredService<SigningKeys>());
        services.AddSingleton<SigningKeyStore>();
        services.AddSealedColumn(SigningKeyStore.PrivateKey);
        services.AddHostedService<SigningKeyReader>();
        services.AddHealthChecks().AddCheck<SigningKeyHealthCheck>("signing-keys");
        return services;
    }
}
