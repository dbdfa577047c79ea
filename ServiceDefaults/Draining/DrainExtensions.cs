using ApiSvc.ServiceDefaults.Configuration;
using ApiSvc.ServiceDefaults.Draining;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers draining.</summary>
public static class DrainExtensions
{
    /// <summary>Adds <see cref="IDrainState"/> and a shutdown that drains, with options from section <c>Draining</c>.</summary>
    public static TBuilder AddDraining<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        if (builder.Environment.IsDevelopment())
        {
            services.Configure<DrainOptions>(options => options.Delay = TimeSpan.Zero);
        }

        services.AddValidatedOptions<DrainOptions>(DrainOptions.Section);
        services.AddSingleton<DrainState>();
        services.AddSingleton<IDrainState>(p => p.GetRequiredService<DrainState>());
        services.AddHostedService(p => p.GetRequiredService<DrainState>());
        services.AddHealthChecks().AddCheck<DrainHealthCheck>("draining");
        return builder;
    }
}
