using ApiSvc.ServiceDefaults.Sync;

namespace ApiSvc.Catalog.GatewayConfiguration;

internal static class GatewayConfigurationExtensions
{
    /// <summary>Adds the log that gateways follow, one group an environment.</summary>
    public static TBuilder AddGatewayConfiguration<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder => builder.AddResourceLog();

    public static void MapGatewayConfiguration(this IEndpointRouteBuilder app) =>
        app.MapGrpcService<GatewayConfigService>();
}
