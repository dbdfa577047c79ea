using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Draining;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>Gives a service a log of resources that gateways follow.</summary>
public static class ResourceLogExtensions
{
    /// <summary>
    /// Adds <see cref="ResourceLog"/>, <see cref="ResourceWatch"/> and <see cref="NodeRegistry"/> over the service's
    /// database, with options from section <c>ResourceLog</c>. Needs <c>AddServiceDefaults</c> and
    /// <c>AddServiceDatabase</c>.
    /// </summary>
    public static TBuilder AddResourceLog<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.AddValidatedOptions<ResourceLogOptions>(ResourceLogOptions.Section);
        services.AddScoped<ResourceLog>();
        services.AddSingleton<NodeRegistry>();
        services.AddSingleton<ResourceLogReader>();
        services.AddSingleton<ResourceFeeds>();
        services.AddSingleton(p => new ResourceWatch(
            p.GetRequiredService<ResourceFeeds>(),
            p.GetRequiredService<NodeRegistry>(),
            p.GetRequiredService<DatabaseReady>(),
            p.GetRequiredService<IDrainState>(),
            p.GetRequiredService<IOptions<ResourceLogOptions>>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<ResourceWatch>>()
        ));
        services.AddHostedService<ResourceListener>();
        services.AddSingleton<ResourceLogTrimmer>();
        services.AddHostedService(p => p.GetRequiredService<ResourceLogTrimmer>());
        return builder;
    }
}
