using ApiSvc.ServiceDefaults.Sync;

namespace ApiSvc.Identity.GatewayCredentials;

internal static class GatewayCredentialsExtensions
{
    /// <summary>Adds the log that gateways follow, one group an environment.</summary>
    public static TBuilder AddGatewayCredentials<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder => builder.AddResourceLog();

    public static void MapGatewayCredentials(this IEndpointRouteBuilder app) =>
        app.MapGrpcService<CredentialsService>();
}
