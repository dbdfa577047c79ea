using ApiSvc.Gateway.CallRecords;
using ApiSvc.ServiceDefaults.Endpoints;

namespace ApiSvc.Gateway.Dependencies;

/// <summary>What the gateway is connected to.</summary>
internal static class EdgeDependencyExtensions
{
    /// <summary>
    /// Connects to Redis and Kafka. The gateway serves without either, and without the issuer, whose keys it has from the
    /// credentials.
    /// </summary>
    public static void AddEdgeDependencies(this IHostApplicationBuilder builder) =>
        builder.AddDispensable(
            () =>
            {
                builder.AddRedisClient("redis");
                builder.AddCallRecordShipping("kafka");
            },
            TokenExtensions.IssuerCheck
        );
}
