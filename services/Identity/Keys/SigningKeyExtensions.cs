using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Sealing;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ApiSvc.Identity.Keys;

/// <summary>Registers the signing keys.</summary>
internal static class SigningKeyExtensions
{
    public static IServiceCollection AddSigningKeys(this IServiceCollection services)
    {
        services.AddValidatedOptions<SigningKeyOptions>(SigningKeyOptions.Section);
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<IIssuerKeys>(p => p.GetRequiredService<SigningKeys>());
        services.TryAddSingleton<IPrivateKeys, RandomPrivateKeys>();
        services.AddSingleton<SigningKeyStore>();
        services.AddScoped<SigningKeyRotation>();
        services.AddSealedColumn(SigningKeyStore.PrivateKey);
        services.AddHostedService<SigningKeyReader>();
        services.AddHostedService<SigningKeyLeader>();
        services.AddHealthChecks().AddCheck<SigningKeyHealthCheck>("signing-keys");
        return services;
    }
}
