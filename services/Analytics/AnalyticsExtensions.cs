using ApiSvc.Analytics.Alerts;
using ApiSvc.Analytics.Audit;
using ApiSvc.Analytics.Calls;
using ApiSvc.Analytics.Dimensions;
using ApiSvc.Analytics.Ingest;
using ApiSvc.Analytics.Lost;
using ApiSvc.Analytics.Partitions;
using ApiSvc.Analytics.Retention;
using ApiSvc.Analytics.Rollups;
using Dapper;

namespace ApiSvc.Analytics;

/// <summary>What Analytics is made of.</summary>
internal static class AnalyticsExtensions
{
    public static void AddAnalytics(this IHostApplicationBuilder builder)
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        builder.Services.AddSingleton<PartitionBook>();
        builder.AddIngest();
        builder.AddRollups();
        builder.AddRetention();
        builder.AddDimensions();
        builder.AddQueries();
        builder.AddAlerts();
        builder.Services.AddSingleton<LostCallList>();
        builder.Services.AddAuditTrail();
    }

    public static void MapAnalytics(this WebApplication app)
    {
        app.MapQueries();
        app.MapAlerts();
        app.MapLostCalls();
        app.MapErasures();
        app.MapAuditTrail();
    }
}
