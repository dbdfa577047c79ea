using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Credentials;
using ApiSvc.Gateway.Sync.Disk;
using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Sealing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Sync;

internal static class StateSyncExtensions
{
    /// <summary>
    /// Follows the configuration (from <c>catalog</c>) and the credentials (from <c>identity</c>); both builders are
    /// singletons of these types. Readiness checks <c>configuration</c> and <c>credentials</c>. A
    /// <see cref="LogFollower"/> is found by the key <c>configuration</c> or <c>credentials</c>.
    /// </summary>
    public static void AddStateSync<TConfiguration, TCredentials>(
        this IHostApplicationBuilder builder
    )
        where TConfiguration : class, IStateBuilder
        where TCredentials : class, IStateBuilder
    {
        var services = builder.Services;
        builder.AddSealing();
        services.AddValidatedOptions<GatewayOptions>(GatewayOptions.Section);
        services.AddValidatedOptions<StateOptions>(StateOptions.Section);
        services.AddValidatedOptions<SyncOptions>(SyncOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TConfiguration>();
        services.TryAddSingleton<TCredentials>();
        services.AddMetrics();
        services.AddSingleton<SyncMetrics>();
        services.AddServiceClient<GatewayConfig.GatewayConfigClient>("catalog");
        services.AddServiceClient<Contracts.Credentials.V1.Credentials.CredentialsClient>(
            "identity"
        );
        services.AddSingleton<ConfigurationLog>();
        services.AddSingleton<CredentialsLog>();
        services.TryAddSingleton<KeyUses>();
        services.AddHostedService<KeyUseReporter>();
        AddFollower<ConfigurationLog, TConfiguration>(services, "configuration");
        AddFollower<CredentialsLog, TCredentials>(services, "credentials");
    }

    private static void AddFollower<TLog, TBuilder>(IServiceCollection services, string name)
        where TLog : class, IResourceLogClient
        where TBuilder : class, IStateBuilder
    {
        services.AddKeyedSingleton(
            name,
            (p, _) =>
            {
                var log = p.GetRequiredService<TLog>();
                return ActivatorUtilities.CreateInstance<LogFollower>(
                    p,
                    log,
                    p.GetRequiredService<TBuilder>(),
                    ActivatorUtilities.CreateInstance<StateDisk>(p, FolderOf(p, name)),
                    ActivatorUtilities.CreateInstance<Acknowledger>(p, log)
                );
            }
        );
        services.AddSingleton<IHostedService>(p => p.GetRequiredKeyedService<LogFollower>(name));
        services
            .AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    name,
                    p => new StateHealthCheck(p.GetRequiredKeyedService<LogFollower>(name)),
                    failureStatus: null,
                    tags: ["ready"]
                )
            );
    }

    // A node that is moved to another environment does not serve the one it came from.
    private static StateFolder FolderOf(IServiceProvider provider, string log)
    {
        var root = provider.GetRequiredService<IHostEnvironment>().ContentRootPath;
        var state = provider.GetRequiredService<IOptions<StateOptions>>().Value.Folder;
        var group = provider.GetRequiredService<IOptions<GatewayOptions>>().Value.Environment;
        return new(Path.Combine(root, state, $"{group}-{log}"), $"{group}/{log}");
    }
}
