using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Egress;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the guarded way out.</summary>
public static class EgressExtensions
{
    /// <summary>Adds <see cref="EgressGuard"/> with options from section <c>Egress</c>, checked at the start.</summary>
    public static IServiceCollection AddEgressGuard(this IServiceCollection services)
    {
        services.AddValidatedOptions<EgressOptions>(EgressOptions.Section);
        services.TryAddSingleton<IHostResolver, SystemHostResolver>();
        services.TryAddSingleton<EgressGuard>();
        return services;
    }

    /// <summary>
    /// Adds a named <see cref="HttpClient"/> for addresses that users chose. It follows no redirect by itself; see
    /// <see cref="EgressRedirects.SendFollowingAsync"/>.
    /// </summary>
    public static IHttpClientBuilder AddGuardedHttpClient(
        this IServiceCollection services,
        string name
    ) =>
        services
            .AddEgressGuard()
            .AddHttpClient(name)
            // The defaults of the suite's own clients go: a user's address is never a service's name, and whether
            // to repeat a call is for the feature to say.
            .ConfigureAdditionalHttpMessageHandlers((handlers, _) => handlers.Clear())
            .ConfigurePrimaryHttpMessageHandler(provider =>
                provider.GetRequiredService<EgressGuard>().CreateHandler()
            )
            .AddHttpMessageHandler(() => new GuardedHandler());
}
