using ApiSvc.Analytics.Dimensions;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ApiSvc.Analytics.Audit;

/// <summary>The audit trail of all services.</summary>
internal static class AuditExtensions
{
    public static void AddAuditTrail(this IServiceCollection services)
    {
        services.TryAddSingleton<KafkaConsumers>();
        services.AddSingleton<AuditMetrics>();
        services.AddSingleton<AuditSearch>();
        services.AddScoped<AuditBook>();
        services.AddHostedService<AuditConsumer>();
    }
}
