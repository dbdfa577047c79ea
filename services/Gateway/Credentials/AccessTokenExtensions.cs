using ApiSvc.Gateway.Credentials;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the checking of access tokens.</summary>
internal static class AccessTokenExtensions
{
    /// <summary>Adds <see cref="AccessTokenValidator"/>, and the keys of other issuers, read through the guarded way out.</summary>
    public static IServiceCollection AddAccessTokens(this IServiceCollection services)
    {
        services.AddGuardedHttpClient(HttpJwksDownload.ClientName);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IJwksDownload, HttpJwksDownload>();
        services.TryAddSingleton<AccessTokenValidator>();
        services.TryAddSingleton<RemoteKeySets>();
        services.AddHostedService(provider => provider.GetRequiredService<RemoteKeySets>());
        return services;
    }
}
