using ApiSvc.ServiceDefaults;
using ApiSvc.ServiceDefaults.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the suite has.</summary>
public static class Extensions
{
    /// <summary>Adds telemetry, endpoints, health, draining, tokens, permissions, outgoing calls and their guard.</summary>
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddServiceInfo();
        builder.AddTelemetry();
        builder.AddServiceEndpoints();
        builder.AddDraining();
        builder
            .Services.AddHealthChecks()
            .AddCheck("self", () => HealthCheckResult.Healthy(), [DefaultEndpoints.LiveTag]);
        builder.AddRestDefaults();
        builder.Services.AddAccessTokens();
        builder.Services.AddClientDefaults();
        builder.Services.AddGrpcDefaults();
        builder.Services.AddEgressGuard();
        return builder;
    }

    /// <summary>Maps what every service answers on <c>management</c>.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapManagement();
        app.MapRestDefaults();
        return app;
    }
}
